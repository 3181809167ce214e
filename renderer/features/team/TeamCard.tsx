import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseView } from '../../../shared/contract/views.ts';
import { asItem, recordsOf, type Typed } from '../../state/record.ts';
import { useUserName } from '../../state/reference.ts';
import { mayInvite } from '../../state/rights.ts';
import { Button, IconButton } from '../../ui/button/Button.tsx';
import { Card } from '../../ui/layout/Card.tsx';
import { Stack } from '../../ui/layout/Page.tsx';
import { ConfirmDialog } from '../../ui/overlay/Dialog.tsx';
import { PersonChip } from '../../ui/status/Tag.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';
import { useRemoval } from '../cases/useRemoval.ts';
import { InvitationDialog } from './InvitationDialog.tsx';
import { useScopeText } from './scopeText.ts';
import styles from './team.module.css';

type Member = Typed<'member'>;

/** Who works on the case and on what of it: only they see it. */
export function TeamCard({ view }: { readonly view: CaseView }) {
  const { t } = useTranslation(['cases', 'common']);
  const [edited, setEdited] = useState<Member | 'new' | null>(null);
  const [leaving, setLeaving] = useState<Member | null>(null);
  const userName = useUserName();
  const remove = useRemoval(view.line.id);
  const members = recordsOf(view, 'member');
  const nameOf = ({ values }: Member) => userName(values.user) ?? t('cases:history.unknownUser');
  return (
    <Card
      title={t('cases:overview.team')}
      actions={
        mayInvite(view) && (
          <Button size="small" onPress={() => setEdited('new')}>
            {t('cases:team.invite')}
          </Button>
        )
      }
    >
      {members.length === 0 ? (
        <Quiet>{t('cases:overview.noMembers')}</Quiet>
      ) : (
        <Stack gap={3}>
          {members.map((member) => (
            <MemberLine
              key={member.id}
              member={member}
              name={nameOf(member)}
              onEdit={mayInvite(view) ? () => setEdited(member) : null}
              onRemove={() => setLeaving(member)}
            />
          ))}
        </Stack>
      )}
      {edited !== null && (
        <InvitationDialog
          view={view}
          member={edited === 'new' ? null : edited}
          onClose={() => setEdited(null)}
        />
      )}
      {leaving !== null && (
        <ConfirmDialog
          title={t('cases:team.withdrawTitle')}
          confirmLabel={t('cases:team.withdraw')}
          isOpen
          onClose={() => setLeaving(null)}
          onConfirm={() => {
            void remove(asItem(leaving));
            setLeaving(null);
          }}
        >
          {t('cases:team.withdrawText', { name: nameOf(leaving) })}
        </ConfirmDialog>
      )}
    </Card>
  );
}

interface MemberLineProps {
  readonly member: Member;
  readonly name: string;
  /** Null for whoever does not decide about the team. */
  readonly onEdit: (() => void) | null;
  readonly onRemove: () => void;
}

function MemberLine({ member: { values }, name, onEdit, onRemove }: MemberLineProps) {
  const { t } = useTranslation(['cases', 'common']);
  const scopeText = useScopeText();
  return (
    <div className={styles.member}>
      <div className={styles.scope}>
        <PersonChip name={name} {...(values.role && { part: t(`common:term.caseRole.${values.role}`) })} />
        <br />
        <Quiet>{scopeText(values)}</Quiet>
      </div>
      {onEdit !== null && (
        <>
          <Button
            size="small"
            tone="quiet"
            onPress={onEdit}
            aria-label={`${t('common:action.edit')}: ${name}`}
          >
            {t('common:action.edit')}
          </Button>
          <IconButton
            icon="close"
            size="small"
            label={`${t('cases:team.withdraw')}: ${name}`}
            onPress={onRemove}
          />
        </>
      )}
    </div>
  );
}
