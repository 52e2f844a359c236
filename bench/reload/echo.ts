/** One WebSocket that stays open through the whole run; each echo must come back on it. */

export interface EchoSocket {
  /** Throws when the echo does not come back in time or the socket has closed. */
  echo(text: string): Promise<void>;
  close(): void;
}

const echoMsMax = 5000;

export function openEchoSocket(url: string): Promise<EchoSocket> {
  const socket = new WebSocket(url);
  return new Promise((resolve, reject) => {
    socket.addEventListener('error', () => reject(new Error(`no WebSocket at ${url}`)));
    socket.addEventListener('open', () =>
      resolve({ echo: (text) => echo(socket, text), close: () => socket.close() }),
    );
  });
}

function echo(socket: WebSocket, text: string): Promise<void> {
  if (socket.readyState !== WebSocket.OPEN) throw new Error('the WebSocket was closed');
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no echo on the WebSocket')), echoMsMax);
    const listen = ({ data }: MessageEvent): void => {
      clearTimeout(timer);
      if (data === text) resolve();
      else reject(new Error(`another echo on the WebSocket: ${String(data)}`));
    };
    socket.addEventListener('message', listen, { once: true });
    socket.send(text);
  });
}
