/** The other processes of `npm run simulate`; see `player.ts`. */
import { once } from 'node:events';
import { type Found, openPlayer, orderSchema } from './player.ts';

const hungUp = once(process, 'disconnect');
const player = await openPlayer();
let underWay: Promise<void> = Promise.resolve();
process.on('message', (message) => {
  const order = orderSchema.parse(message);
  underWay = underWay.then(async () => {
    const { story: _, ...found } = await player.play(order);
    process.send?.(found satisfies Found);
  });
});
await hungUp;
await player.close();
process.exit();
