import { diagram } from '../diagram.ts';
import type { Files } from './compare.ts';
import { diagramFile, reviewFile, templatesFolder } from './files.ts';
import { layout } from './layout.ts';
import { reviewPage } from './review.ts';
import type { Synthesized } from './synthesize.ts';

/** Every file of the snapshot, as text. */
export function render({ templates, acknowledged }: Synthesized): Files {
  const texts = Object.entries(templates).map(([path, template]) => [
    `${templatesFolder}/${path}.json`,
    `${layout(template)}\n`,
  ]);
  return {
    ...Object.fromEntries(texts),
    [reviewFile]: reviewPage(acknowledged),
    [diagramFile]: diagram(templates),
  };
}
