import { describe, expect, it } from 'vitest';
import { lintMigration, statementsOf } from './lint.ts';
import { migrations } from './migrations/index.ts';

const rulesFor = (sql: string, phase: 'expand' | 'contract' = 'expand') =>
  lintMigration({ number: 99, phase, name: 'x', sql }).map(({ rule }) => rule);

describe('an expand migration', () => {
  it.each([
    ['drop table cases', /takes away/],
    ['DROP INDEX case_index_by_status', /takes away/],
    ['alter table cases drop column number', /takes away/],
    ['alter table cases drop number', /takes away/],
    ['alter table cases rename column number to reference', /renames/],
    ['alter table cases rename to files', /renames/],
    ['truncate audit', /takes away/],
    ['alter table cases alter column number type integer', /type of a column/],
    ['alter table cases alter column number set data type integer', /type of a column/],
    ['alter table cases add column site text not null', /asks for a value/],
    ['alter table cases add site text not null, add other text', /asks for a value/],
    ['alter table cases add a text default ?, add column site text not null', /asks for a value/],
    ['alter table cases alter column number set not null', /asks for a value/],
    ['alter table cases add column token uuid default gen_random_uuid()', /rewrites the table/],
    ['alter table cases add constraint short check (length(number) < 20)', /NOT VALID/],
    ['alter table cases add unique (number)', /NOT VALID/],
    ['create index by_number on cases (number)', /locks writers/],
    ['create unique index by_number on cases (number)', /locks writers/],
    ['create index concurrently by_number on cases (number)', /transaction/],
    ['revoke select on cases from tma_service', /may do/],
    [`update cases set number = 'x'`, /in batches/],
    ['delete from audit', /in batches/],
    ['commit', /transactions by itself/],
    ['lock table cases', /locks a whole table/],
    ['vacuum full cases', /locks a whole table/],
  ])('may not: %s', (sql, rule) => {
    expect(rulesFor(sql).join()).toMatch(rule);
  });

  it.each([
    'create table notes (id uuid primary key, text text not null); create index notes_by_text on notes (text)',
    'create table notes (id uuid); alter table notes add constraint c check (true); alter table notes drop column id',
    'alter table cases add column site text',
    `alter table cases add column site text not null default 'Bonn'`,
    'alter table cases add constraint short check (length(number) < 20) not valid',
    'alter table cases enable row level security',
    'alter table cases alter column number drop not null',
    'create policy p on cases for select to tma_service using (true)',
    'create or replace function tma.now() returns timestamptz language sql stable return now()',
    'create function f() returns int language sql begin atomic delete from audit; select 1; end; grant execute on function f() to tma_service',
    `comment on table cases is 'drop table cases; rename'`,
    '-- drop table cases\nselect 1',
    'do $$ begin drop table if exists nothing; end $$',
  ])('may: %s', (sql) => {
    expect(rulesFor(sql)).toEqual([]);
  });
});

it('a contract migration may take away, and still not begin transactions of its own', () => {
  expect(rulesFor('alter table cases drop column number', 'contract')).toEqual([]);
  expect(rulesFor('begin; drop table cases; commit', 'contract')).toHaveLength(2);
});

it('statements are found behind comments, texts and bodies', () => {
  expect(statementsOf(`select ';' ; -- ; \n select $x$ ; $x$, 'it''s; '; /* ; */ select 1`)).toEqual([
    'select ?',
    'select ? , ?',
    'select 1',
  ]);
});

it('every migration of the service may go out', () => {
  expect(migrations.flatMap(lintMigration)).toEqual([]);
});
