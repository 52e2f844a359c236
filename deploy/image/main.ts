/** `npm run image -- DIRECTORY`: the files of the image, as its Containerfile takes them. */
import { writeImage } from './image-files.ts';

const [directory, ...rest] = process.argv.slice(2);
if (directory === undefined || rest.length > 0) {
  console.error('usage: npm run image -- DIRECTORY');
  process.exitCode = 2;
} else {
  await writeImage(directory);
}
