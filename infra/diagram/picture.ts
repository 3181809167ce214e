/** Where everything stands in the picture. Positions are chosen by hand; what is said comes from the templates. */
import type { Facts } from './facts.ts';
import type { Area, Arrow, Node, Picture } from './svg.ts';

export function pictureOf(facts: Facts, releases: readonly string[]): Picture {
  return {
    width: 1480,
    height: 956,
    title: 'TMA on AWS: production',
    subtitle:
      'Drawn by npm run synth from infra/templates. Staging has the same shape in a smaller size. Dashed arrows are copies.',
    areas: areas(facts),
    nodes: [...people, ...inside(facts), ...beside(facts), ...elsewhere(facts), ...releasing(releases)],
    arrows: arrows(),
  };
}

function areas({ network, database }: Facts): readonly Area[] {
  const zones = network.zones.map((zone) => zone.slice(-1)).join(', ');
  return [
    { x: 200, y: 76, w: 930, h: 716, look: 'account', title: `Account of the stage, ${network.region}` },
    { x: 220, y: 110, w: 530, h: 664, look: 'network', title: `Network ${network.cidr}, zones ${zones}` },
    { x: 236, y: 142, w: 498, h: 164, look: 'tier', title: 'Public subnets, apart from each other' },
    { x: 236, y: 334, w: 498, h: 164, look: 'tier', title: 'Private subnets' },
    { x: 236, y: 526, w: 498, h: 136, look: 'tier', title: 'Isolated subnets' },
    {
      x: 1160,
      y: 76,
      w: 300,
      h: 236,
      look: 'elsewhere',
      title: `Recovery region, ${database.recoveryRegion}`,
    },
    { x: 1160, y: 336, w: 300, h: 136, look: 'elsewhere', title: 'Account of others (witness)' },
    { x: 1160, y: 496, w: 300, h: 296, look: 'elsewhere', title: 'Every account' },
    { x: 20, y: 816, w: 1440, h: 120, look: 'account', title: 'Account of the pipeline' },
  ];
}

const people: readonly Node[] = [
  { x: 20, y: 174, w: 140, h: 62, look: 'person', title: 'Laptops', lines: ['of specialists'] },
  { x: 20, y: 258, w: 140, h: 62, look: 'person', title: 'Reporters', lines: ['anonymous'] },
  { x: 20, y: 652, w: 140, h: 62, look: 'person', title: 'On call', lines: ['mail and runbook'] },
];

function inside({
  entry,
  reporting,
  service,
  jobs,
  database,
  endpoints,
  nats,
  flowLogs,
}: Facts): readonly Node[] {
  const kept = (isLogged: boolean) => (isLogged ? 'access log' : 'keeps nothing about anyone');
  return [
    {
      ...{ x: 252, y: 172, w: 225, h: 120, look: 'edge', title: 'Entry for laptops' },
      lines: [
        `load balancer, ${entry.tls}, ACM`,
        `firewall (WAF), ${entry.firewallRules} rules`,
        entry.check,
        kept(entry.isLogged),
      ],
    },
    {
      ...{ x: 493, y: 172, w: 225, h: 120, look: 'edge', title: 'Entry for reports' },
      lines: [
        `load balancer, ${reporting.tls}`,
        `firewall (WAF), ${reporting.firewallRules} rules`,
        'no access log, no flow log',
        kept(reporting.isLogged),
      ],
    },
    {
      ...{ x: 252, y: 364, w: 280, h: 120, look: 'compute', title: 'Service on ECS Fargate' },
      lines: [
        `${service.tasks}, ${service.size}`,
        `rolling update ${service.update}`,
        'goes back by itself on errors',
        'read-only, nobody’s user, TLS',
      ],
    },
    {
      ...{ x: 548, y: 364, w: 170, h: 120, look: 'compute', title: 'One-off tasks' },
      lines: [...jobs.toReversed(), 'rights of their own'],
    },
    {
      ...{ x: 252, y: 556, w: 225, h: 92, look: 'data', title: database.version },
      lines: [database.size, 'TLS only, encrypted', `any second of ${database.days} days`],
    },
    {
      ...{ x: 493, y: 556, w: 225, h: 92, look: 'data', title: 'Standby' },
      lines: [
        database.standby ? 'in another zone' : 'none',
        'takes over by itself',
        'no way out of the network',
      ],
    },
    {
      ...{ x: 236, y: 676, w: 498, h: 84, look: 'guard', title: 'Ways out, and what is written about them' },
      lines: [
        `${endpoints} private endpoints of AWS services, ${nats} NAT gateways`,
        `DNS firewall: only allowed names resolve; ${flowLogs} flow logs`,
      ],
    },
  ];
}

function beside({ keys, settings, alarms, events, backups }: Facts): readonly Node[] {
  const at = { x: 790, w: 320 };
  return [
    {
      ...{ ...at, y: 110, h: 92, look: 'data', title: 'Attachments (S3)' },
      lines: ['encrypted by laptops, then by KMS', 'versioned, closed to the public', 'access log'],
    },
    {
      ...{ ...at, y: 222, h: 92, look: 'guard', title: 'Keys (KMS)' },
      lines: [
        `${keys} keys, one for each purpose`,
        'and one for each tenant: destroying it',
        'destroys its cases, in every copy',
      ],
    },
    {
      ...{ ...at, y: 334, h: 92, look: 'guard', title: 'Settings (SSM), owner’s secret' },
      lines: [
        `${settings} written by the templates`,
        'secrets encrypted, given by the operator',
        'read when a task starts',
      ],
    },
    {
      ...{ ...at, y: 446, h: 92, look: 'guard', title: 'Logs and figures (CloudWatch)' },
      lines: ['encrypted, kept for a stated time', 'no personal data; masked if any', 'one dashboard'],
    },
    {
      ...{ ...at, y: 558, h: 75, look: 'guard', title: 'Alarms' },
      lines: [`${alarms} alarms, ${events} events`, 'each names its runbook'],
    },
    {
      ...{ ...at, y: 653, h: 92, look: 'data', title: 'Backup vault' },
      lines: [
        'a snapshot every night',
        `${backups.days} days, ${backups.lock}:`,
        'nobody can delete it before',
      ],
    },
  ];
}

function elsewhere({ copyMinutes, witnessYears, backups }: Facts): readonly Node[] {
  const at = { x: 1176, w: 268 };
  return [
    {
      ...{ ...at, y: 110, h: 75, look: 'data', title: 'Copy of attachments' },
      lines: [`within ${copyMinutes} minutes`, 'under a key of this region'],
    },
    {
      ...{ ...at, y: 205, h: 92, look: 'data', title: 'Copy of the database' },
      lines: ['log, some minutes behind', `snapshots, ${backups.lock}`, 'keys of tenants'],
    },
    {
      ...{ ...at, y: 370, h: 88, look: 'data', title: 'Witness (S3)' },
      lines: ['for hash roots of the case logs', `write-once, ${witnessYears} years`],
    },
    {
      ...{ ...at, y: 530, h: 92, look: 'guard', title: 'GuardDuty' },
      lines: ['calls, attachments, logins to the', 'database, what runs in tasks'],
    },
    {
      ...{ ...at, y: 642, h: 136, look: 'guard', title: 'Trail, analyser, budget' },
      lines: [
        'CloudTrail: every call, validated,',
        'in a bucket nobody can rewrite',
        'Access Analyzer: what is open',
        'Budgets: what it costs',
      ],
    },
  ];
}

const words: Readonly<Record<string, readonly string[]>> = {
  source: ['a push to GitLab'],
  check: ['npm test, npm run synth'],
  image: ['by digest, scanned,', 'with bill of materials'],
  staging: ['stacks, migration,', 'service, smoke test'],
  approval: ['a person looks'],
  production: ['stacks, migration,', 'service, smoke test'],
};

const step = { x: 36, w: 214, gap: 24 };

function releasing(releases: readonly string[]): readonly Node[] {
  return releases.map((title, index) => ({
    ...{ x: step.x + index * (step.w + step.gap), y: 850, w: step.w, h: 70, look: 'release', title },
    lines: words[title] ?? [],
  }));
}

/** Lines in the words of SVG: `M` from, `H` across to, `V` down or up to. */
function arrows(): readonly Arrow[] {
  const middle = 885;
  const between = Array.from({ length: 5 }, (_, index): Arrow => {
    const end = step.x + (index + 1) * (step.w + step.gap);
    return { path: `M${end - step.gap} ${middle} H${end - 2}` };
  });
  return [
    // Laptops and reporters come in, each by their own door.
    { path: 'M160 205 H250' },
    { path: 'M160 289 H186 V322 H605 V294' },
    { path: 'M400 292 V362' },
    { path: 'M660 292 V330 H500 V362' },
    // To the database, and from there to its standby.
    { path: 'M400 484 V554' },
    { path: 'M633 484 V515 H450 V554' },
    { path: 'M477 602 H491', look: 'copy' },
    // What tasks use.
    { path: 'M718 424 H770 V156 H788' },
    { path: 'M770 268 H788' },
    { path: 'M770 380 H788' },
    { path: 'M770 424 V492 H788' },
    // What wakes whom.
    { path: 'M950 538 V556' },
    { path: 'M788 595 H762 V784 H90 V716' },
    // Copies.
    { path: 'M718 625 H752 V699 H788', look: 'copy' },
    { path: 'M1110 147 H1174', look: 'copy' },
    { path: 'M1110 720 H1146 V251 H1174', look: 'copy' },
    ...between,
    // Releases.
    { path: 'M857 850 V794', label: { text: 'each into the account of its stage', x: 868, y: 809 } },
    { path: 'M1333 850 V804 H1110 V794' },
  ];
}
