import { useTranslation } from 'react-i18next';
import { languages, type Settings, themes } from '../../../shared/contract/views.ts';
import { client } from '../../app/client.ts';
import { useFormat, useLanguage } from '../../i18n/useFormat.ts';
import { useSession } from '../../state/session.ts';
import { useSync } from '../../state/sync.ts';
import { useAction } from '../../state/useAction.ts';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { RadioGroup } from '../../ui/field/Choice.tsx';
import { Card } from '../../ui/layout/Card.tsx';
import { DescriptionList } from '../../ui/layout/DescriptionList.tsx';
import { Columns, Page, Stack } from '../../ui/layout/Page.tsx';
import { PageHeader } from '../../ui/layout/PageHeader.tsx';
import { EmergencyCard } from '../session/EmergencyCard.tsx';
import { SyncCard } from '../sync/SyncCard.tsx';
import { Backup } from './Backup.tsx';
import { CompanySignIn } from './CompanySignIn.tsx';
import { Security } from './Security.tsx';

const save = (settings: Partial<Settings>): Promise<Settings> => client.call('settings.set', settings);

/** Language and colours, and what this laptop is. */
export default function SettingsScreen() {
  const { t } = useTranslation('settings');
  const session = useSession();
  return (
    <Page>
      <PageHeader title={t('title')} />
      <Columns layout="even">
        <Stack gap={5}>
          <Appearance />
          <Security />
          <Backup />
          <SyncCard />
        </Stack>
        <Stack gap={5}>
          <Device />
          <CompanySignIn />
          <EmergencyCard contacts={session?.emergency ?? []} />
        </Stack>
      </Columns>
    </Page>
  );
}

function Appearance() {
  const { t } = useTranslation('settings');
  const language = useLanguage();
  const theme = useSession()?.settings.theme ?? 'system';
  const change = useAction(save);
  return (
    <Card title={t('appearance')}>
      <Stack>
        <RadioGroup
          label={t('language')}
          options={languages.map((value) => ({ value, label: t(`languageName.${value}`) }))}
          value={language}
          onChange={(value) => void change.run({ language: value })}
        />
        <RadioGroup
          label={t('theme')}
          options={themes.map((value) => ({ value, label: t(`themeName.${value}`) }))}
          value={theme}
          onChange={(value) => void change.run({ theme: value })}
        />
        <ErrorNote error={change.error} />
      </Stack>
    </Card>
  );
}

function Device() {
  const { t } = useTranslation(['settings', 'common']);
  const session = useSession();
  const format = useFormat();
  const lastSync = useSync()?.lastSuccessAt ?? session?.lastSyncAt;
  return (
    <Card title={t('settings:device')}>
      <DescriptionList
        items={[
          { term: t('settings:user'), value: session?.user?.name },
          { term: t('settings:role'), value: session?.user && t(`common:term.orgRole.${session.user.role}`) },
          { term: t('settings:tenant'), value: session?.tenant?.name },
          { term: t('settings:deviceName'), value: session?.device?.label },
          {
            term: t('settings:lastSync'),
            value: lastSync ? format.relative(lastSync) : t('settings:never'),
          },
          { term: t('settings:program'), value: session?.program },
        ]}
      />
    </Card>
  );
}
