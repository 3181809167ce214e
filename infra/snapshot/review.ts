/** What was accepted although a rule speaks against it: collected, checked for being needed, and written for the review. */
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, type NagPack, NIST80053R5Checks } from 'cdk-nag';
import type { IConstruct } from 'constructs';

export interface Acknowledged {
  /** Of the construct: `staging/network/Vpc`. */
  readonly path: string;
  readonly rule: string;
  readonly reason: string;
}

export function acknowledgedIn(app: IConstruct): readonly Acknowledged[] {
  return app.node.findAll().flatMap((construct) =>
    construct.node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(data as Record<string, string>)) // written by `acknowledge`
      .map(([rule, reason]) => ({
        path: construct.node.path,
        rule: rule.replace(/^Annotation::/, ''),
        reason,
      })),
  );
}

/** Those that accept what no rule finds any more: left behind, they would hide the next finding. */
export function findStale(
  app: IConstruct,
  acknowledged: readonly Acknowledged[],
  others: readonly string[],
): readonly Acknowledged[] {
  const found = [
    ...others,
    ...[new AwsSolutionsChecks(), new NIST80053R5Checks()].flatMap((pack) => rawFindings(pack, app)),
  ];
  const isNeeded = ({ rule, path }: Acknowledged) =>
    found.some((finding) => finding === `${rule} ${path}` || finding.startsWith(`${rule} ${path}/`));
  return acknowledged.filter((each) => !isNeeded(each));
}

/** What a pack finds when nothing is acknowledged, as `rule path`. */
function rawFindings(pack: NagPack, app: IConstruct): readonly string[] {
  // The pack asks itself what is acknowledged before it reports; there is no option for not asking.
  Object.defineProperty(pack, 'isAcknowledged', { value: () => false });
  return pack
    .validateScope(app)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath}`),
    );
}

/** The review as a page: each rule and reason once, with every place they stand. */
export function reviewPage(acknowledged: readonly Acknowledged[]): string {
  const groups = Map.groupBy(acknowledged, ({ rule, reason }) => `${rule.replace(/\[.*/, '')}\n${reason}`);
  const sections = [...groups].map(([key, members]) => {
    const [rule = '', reason = ''] = key.split('\n');
    const places = members.map(({ path, rule: full }) => {
      const detail = /\[(.*)\]$/.exec(full)?.[1];
      return `- ${path}${detail === undefined ? '' : ` \`${detail}\``}`;
    });
    return { rule, text: `${reason}\n\n${[...new Set(places)].sort().join('\n')}\n` };
  });
  const rules = [...new Set(sections.map(({ rule }) => rule))].sort();
  const body = rules.map((rule) => {
    const texts = sections.filter((section) => section.rule === rule).map(({ text }) => text);
    return `## ${rule}\n\n${texts.sort().join('\n')}`;
  });
  return `${intro(rules.length, acknowledged.length)}\n${body.join('\n')}`;
}

function intro(rules: number, places: number): string {
  return `# Findings that were accepted

Made by \`npm run synth -- --update\`; do not edit. The templates are judged by cdk-nag (AWS Solutions and NIST 800-53
revision 5) and by the validation of CloudFormation itself. Nothing else was found than what stands here: ${rules} rules, at
${places} places, each with the reason why it does not hold there. A finding that is not listed here fails the synthesis,
and so does an entry that nothing needs any more.
`;
}
