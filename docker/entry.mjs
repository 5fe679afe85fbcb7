// In the image everything is set up already: straight to the built program.
import { main } from './dist/src/main.js';

await main(process.argv.slice(2));
