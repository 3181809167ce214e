import { factsOf } from './diagram/facts.ts';
import { pictureOf } from './diagram/picture.ts';
import { drawSvg, type Picture } from './diagram/svg.ts';
import { dig, resource } from './snapshot/query.ts';
import type { Templates } from './snapshot/template.ts';

/** The deployed system as an SVG picture, drawn from the templates: the same templates give the same bytes. */
export function diagram(templates: Templates): string {
  return drawSvg(picture(templates));
}

export function picture(templates: Templates): Picture {
  const stages = resource(templates, 'pipeline', ['AWS::CodePipeline::Pipeline']).Stages;
  const releases = Array.isArray(stages) ? stages.map((stage) => String(dig(stage, 'Name'))) : [];
  return pictureOf(factsOf(templates, 'production'), releases);
}
