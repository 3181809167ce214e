import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseView } from '../../../shared/contract/views.ts';
import { type CaseRole, caseRoles } from '../../../shared/domain/people.ts';
import { type Compartment, compartments, readScope, type Scope } from '../../../shared/domain/sections.ts';
import type { UserId } from '../../../shared/ids.ts';
import { createRecord, sendEdits, updateRecord } from '../../state/edit.ts';
import { asItem, recordsOf, type Typed } from '../../state/record.ts';
import { useDirectory, useUserName } from '../../state/reference.ts';
import { useAction } from '../../state/useAction.ts';
import { Button } from '../../ui/button/Button.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { CheckboxGroup } from '../../ui/field/Choice.tsx';
import { DateTimeField } from '../../ui/field/DateField.tsx';
import { Form, FormActions } from '../../ui/field/Form.tsx';
import { Select } from '../../ui/field/Select.tsx';
import { Dialog } from '../../ui/overlay/Dialog.tsx';
import { changedOf } from '../cases/changed.ts';
import { SectionRights } from './SectionRights.tsx';

interface InvitationDialogProps {
  readonly view: CaseView;
  /** Null for a new one. */
  readonly member: Typed<'member'> | null;
  readonly onClose: () => void;
}

/** Invites somebody to the case, or changes what an invitation says: as whom, to what, until when. */
export function InvitationDialog({ view, member, onClose }: InvitationDialogProps) {
  const { t } = useTranslation(['cases', 'common']);
  const [opened] = useState(member);
  const before = opened?.values ?? {};
  const [user, setUser] = useState<UserId | null>(before.user ?? null);
  const [role, setRole] = useState<CaseRole>(before.role ?? 'specialist');
  const [scope, setScope] = useState<Scope>(readScope(before.sections) ?? {});
  const [until, setUntil] = useState<string | null>(before.until ?? null);
  const [open, setOpen] = useState<readonly Compartment[]>(before.compartments ?? []);
  const [wasSubmitted, setSubmitted] = useState(false);
  const save = useAction(sendEdits);
  const userName = useUserName();
  const invitable = useInvitable(view);

  const isLimited = role === 'member';
  const isEmpty = isLimited && Object.keys(scope).length === 0;
  const isPast = until !== null && until !== before.until && Date.parse(until) <= Date.now();
  const values = {
    role,
    until,
    sections: isLimited ? { ...scope } : null,
    compartments: role === 'lead' ? [] : [...open],
  };
  const submit = async () => {
    setSubmitted(true);
    if (user === null || isEmpty || isPast) return;
    const edit =
      opened === null
        ? createRecord('member', { user, ...values })
        : updateRecord(asItem(opened), changedOf(before, values));
    const isSame = Object.keys(edit.fields).length === 0;
    if (isSame || (await save.run(view.line.id, edit)) !== undefined) onClose();
  };
  const title = t(opened === null ? 'cases:team.inviteTitle' : 'cases:team.changeTitle');
  return (
    <Dialog title={title} isOpen onClose={onClose} isModalOnly>
      <Form onSubmit={() => void submit()} aria-label={title}>
        {opened === null ? (
          <Select
            label={t('cases:team.person')}
            help={t(invitable.length === 0 ? 'cases:team.nobody' : 'cases:team.personHint')}
            options={invitable.map(({ id, name, role: orgRole }) => ({
              value: id,
              label: name,
              description: t(`common:term.orgRole.${orgRole}`),
            }))}
            value={user}
            onChange={setUser}
            isRequired
          />
        ) : (
          <p>
            <b>{userName(before.user) ?? t('cases:history.unknownUser')}</b>
          </p>
        )}
        <Select
          label={t('cases:team.role')}
          help={t(`cases:team.roleHint.${role}`)}
          options={caseRoles.map((value) => ({ value, label: t(`common:term.caseRole.${value}`) }))}
          value={role}
          onChange={setRole}
        />
        {isLimited && (
          <SectionRights
            value={scope}
            onChange={setScope}
            error={wasSubmitted && isEmpty ? t('cases:team.sectionsMissing') : undefined}
          />
        )}
        {role !== 'lead' && (
          <CheckboxGroup
            label={t('cases:team.compartments')}
            help={t('cases:team.compartmentsHint')}
            options={compartments.map((value) => ({ value, label: t(`common:term.compartment.${value}`) }))}
            value={open}
            onChange={setOpen}
          />
        )}
        <DateTimeField
          label={t('cases:team.until')}
          help={t('cases:team.untilHint')}
          value={until}
          onChange={setUntil}
          error={isPast ? t('cases:team.untilPast') : undefined}
        />
        <ErrorNote error={save.error} />
        <FormActions>
          <Button type="submit" tone="primary" isDisabled={user === null} isPending={save.isPending}>
            {t(opened === null ? 'cases:team.invite' : 'common:action.save')}
          </Button>
          <Button onPress={onClose}>{t('common:action.cancel')}</Button>
        </FormActions>
      </Form>
    </Dialog>
  );
}

/** Who is in the directory, may see cases, and is not on the team. */
function useInvitable(view: CaseView) {
  const taken = new Set(recordsOf(view, 'member').map(({ values }) => values.user));
  return useDirectory().users.filter(
    ({ id, active, role }) =>
      active && role !== 'dpo' && role !== 'administrator' && id !== view.line.lead && !taken.has(id),
  );
}
