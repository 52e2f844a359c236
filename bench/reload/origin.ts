/**
 * The backend of the reload suite: answers every request with its own path, and echoes the text
 * messages of WebSockets (RFC 6455; frames below 126 bytes and unfragmented, which is all that the
 * suite sends).
 */
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { Duplex } from 'node:stream';

const webSocketGuid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const textFrame = 0x81;

export function startOrigin(port: number): Promise<Server> {
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    response.end(request.url);
  });
  server.on('upgrade', (request, socket, head) => {
    const key = `${request.headers['sec-websocket-key']}${webSocketGuid}`;
    const accept = createHash('sha1').update(key).digest('base64');
    const fields = ['Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${accept}`];
    socket.write(`HTTP/1.1 101 Switching Protocols\r\n${fields.join('\r\n')}\r\n\r\n`);
    echoFrames(socket, head);
  });
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)));
}

function echoFrames(socket: Duplex, head: Buffer): void {
  let waiting = head;
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    waiting = Buffer.concat([waiting, chunk]);
    for (let frame = takeFrame(waiting); frame !== undefined; frame = takeFrame(waiting)) {
      waiting = waiting.subarray(frame.length);
      if (frame.opcode !== textFrame) socket.end();
      else socket.write(Buffer.concat([Buffer.of(textFrame, frame.text.length), frame.text]));
    }
  });
}

interface Frame {
  readonly opcode: number;
  readonly text: Buffer;
  readonly length: number;
}

/** Layout of a client's frame: opcode, length, four bytes of mask, masked text. */
function takeFrame(bytes: Buffer): Frame | undefined {
  const [opcode, size] = bytes;
  if (opcode === undefined || size === undefined) return undefined;
  const length = 6 + (size & 0x7f);
  if (bytes.length < length) return undefined;
  const mask = bytes.subarray(2, 6);
  const text = bytes.subarray(6, length).map((byte, index) => byte ^ (mask[index & 3] ?? 0));
  return { opcode, text: Buffer.from(text), length };
}
