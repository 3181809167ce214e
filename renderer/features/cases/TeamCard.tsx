import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseView } from '../../../shared/contract/views.ts';
import { type CaseRole, caseRoles } from '../../../shared/domain/people.ts';
import type { UserId } from '../../../shared/ids.ts';
import { createRecord, sendEdits } from '../../state/edit.ts';
import { asItem, recordsOf } from '../../state/record.ts';
import { useDirectory, useUserName } from '../../state/reference.ts';
import { useAction } from '../../state/useAction.ts';
import { Button, IconButton } from '../../ui/button/Button.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { Form, FormActions } from '../../ui/field/Form.tsx';
import { Select } from '../../ui/field/Select.tsx';
import { Card } from '../../ui/layout/Card.tsx';
import { Stack } from '../../ui/layout/Page.tsx';
import { Dialog } from '../../ui/overlay/Dialog.tsx';
import { PersonChip } from '../../ui/status/Tag.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';
import { useRemoval } from './useRemoval.ts';

/** Who works on the case: only they see it. */
export function TeamCard({ view }: { readonly view: CaseView }) {
  const { t } = useTranslation(['cases', 'common']);
  const [isAdding, setAdding] = useState(false);
  const userName = useUserName();
  const remove = useRemoval(view.line.id);
  const members = recordsOf(view, 'member');
  return (
    <Card
      title={t('cases:overview.team')}
      actions={
        <Button size="small" onPress={() => setAdding(true)}>
          {t('cases:overview.addMember')}
        </Button>
      }
    >
      {members.length === 0 ? (
        <Quiet>{t('cases:overview.noMembers')}</Quiet>
      ) : (
        <Stack gap={2}>
          {members.map((member) => {
            const name = userName(member.values.user) ?? t('cases:history.unknownUser');
            return (
              <Stack key={member.id} direction="across" gap={2}>
                <PersonChip
                  name={name}
                  {...(member.values.role && { part: t(`common:term.caseRole.${member.values.role}`) })}
                />
                <IconButton
                  icon="close"
                  size="small"
                  label={`${t('common:action.remove')}: ${name}`}
                  onPress={() => void remove(asItem(member))}
                />
              </Stack>
            );
          })}
        </Stack>
      )}
      {isAdding && <AddMember view={view} onClose={() => setAdding(false)} />}
    </Card>
  );
}

function AddMember({ view, onClose }: { readonly view: CaseView; readonly onClose: () => void }) {
  const { t } = useTranslation(['cases', 'common']);
  const [user, setUser] = useState<UserId | null>(null);
  const [role, setRole] = useState<CaseRole>('specialist');
  const save = useAction(sendEdits);
  const taken = new Set(recordsOf(view, 'member').map(({ values }) => values.user));
  const users = useDirectory().users.filter(
    ({ id, active }) => active && id !== view.line.lead && !taken.has(id),
  );
  const submit = async () => {
    if (user === null) return;
    const saved = await save.run(view.line.id, createRecord('member', { user, role, until: null }));
    if (saved !== undefined) onClose();
  };
  return (
    <Dialog title={t('cases:overview.addMember')} isOpen onClose={onClose} size="small">
      <Form onSubmit={() => void submit()} aria-label={t('cases:overview.addMember')}>
        <Select
          label={t('cases:field.user')}
          options={users.map(({ id, name, role: orgRole }) => ({
            value: id,
            label: name,
            description: t(`common:term.orgRole.${orgRole}`),
          }))}
          value={user}
          onChange={setUser}
          isRequired
        />
        <Select
          label={t('cases:overview.memberRole')}
          options={caseRoles.map((value) => ({ value, label: t(`common:term.caseRole.${value}`) }))}
          value={role}
          onChange={setRole}
        />
        <ErrorNote error={save.error} />
        <FormActions>
          <Button type="submit" tone="primary" isDisabled={user === null} isPending={save.isPending}>
            {t('common:action.add')}
          </Button>
          <Button onPress={onClose}>{t('common:action.cancel')}</Button>
        </FormActions>
      </Form>
    </Dialog>
  );
}
