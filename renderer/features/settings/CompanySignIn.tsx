import { useTranslation } from 'react-i18next';
import { client } from '../../app/client.ts';
import { useFormat } from '../../i18n/useFormat.ts';
import { showSession, useSession } from '../../state/session.ts';
import { useAction } from '../../state/useAction.ts';
import { Button } from '../../ui/button/Button.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { Card } from '../../ui/layout/Card.tsx';
import { DescriptionList } from '../../ui/layout/DescriptionList.tsx';
import { Stack } from '../../ui/layout/Page.tsx';
import { SignIn } from '../session/SignIn.tsx';

const signOut = async (): Promise<void> => showSession(await client.call('session.signOut', {}));

/** S02: how it stands with the sign-in of the company, where it has one. */
export function CompanySignIn() {
  const { t } = useTranslation('settings');
  const format = useFormat();
  const session = useSession();
  const leaving = useAction(signOut);
  if (!session?.identity) return null;
  const { signedInAt, dueAt } = session.identity;
  return (
    <Card title={t('signIn.title')}>
      <Stack>
        <DescriptionList
          items={[
            {
              term: t('signIn.at'),
              value: signedInAt ? format.dateTime(signedInAt) : t('signIn.never'),
            },
            { term: t('signIn.due'), value: dueAt ? format.dateTime(dueAt) : t('signIn.notDue') },
          ]}
        />
        <SignIn progress={session.signIn} label={t('signIn.begin')} size="small" />
        {signedInAt && (
          <div>
            <Button
              size="small"
              tone="quiet"
              onPress={() => void leaving.run()}
              isPending={leaving.isPending}
            >
              {t('signIn.out')}
            </Button>
          </div>
        )}
        <ErrorNote error={leaving.error} />
      </Stack>
    </Card>
  );
}
