/** Reads the committed templates: they are what is deployed, so they are what is tested. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readCommitted, templatesIn } from '../snapshot/files.ts';
import * as query from '../snapshot/query.ts';
import type { Resource, Template } from '../snapshot/template.ts';

export const committed = readCommitted();
export const templates = templatesIn(committed);
export const stageNames = ['staging', 'production'] as const;

/** A text file of the project, by its path from the root. */
export function projectFile(path: string): string {
  return readFileSync(resolve(import.meta.dirname, '../..', path), 'utf8');
}

export function templateOf(path: string): Template {
  const template = templates[path];
  if (template === undefined) throw new Error(`no template ${path}`);
  return template;
}

export function resourcesOf(path: string, type: string): readonly (readonly [string, Resource])[] {
  return query.resourcesOf(templates, path, type);
}

export function all(path: string, type: string): readonly query.Properties[] {
  return resourcesOf(path, type).map(([, { Properties: properties = {} }]) => properties);
}

/** The resource of that kind, or of that name, which there must be once. */
export function one(path: string, type: string, id?: string): query.Properties {
  return query.resource(templates, path, id === undefined ? [type] : [type, id]);
}

export const dig = query.dig;

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
  readonly Principal?: unknown;
  readonly Condition?: unknown;
  readonly Sid?: string;
}

export function statementsOf(document: unknown): readonly Statement[] {
  return dig(document, 'Statement') as readonly Statement[]; // every policy document has some
}

/** Statements of the policy that belongs to a role, by the role's name in the template. */
export function rights(path: string, role: string): readonly Statement[] {
  return statementsOf(one(path, 'AWS::IAM::ManagedPolicy', `${role}Policy`).PolicyDocument);
}

export function actionsOf(statements: readonly Statement[]): readonly string[] {
  return statements.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action);
}

/** As text, references in angle brackets: `arn:aws:s3:::tma-staging-evidence-<AWS::AccountId>/*`. */
export function flat(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(flat).join(', ');
  const [entry] = Object.entries(value ?? {});
  if (entry === undefined) return '';
  const [key, inner] = entry;
  if (key === 'Fn::Join' && Array.isArray(inner))
    return (inner[1] as unknown[]).map(flat).join(String(inner[0]));
  if (key === 'Fn::GetAtt' && Array.isArray(inner)) return `<${inner.join('.')}>`;
  return `<${flat(inner)}>`;
}
