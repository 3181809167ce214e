import { useTranslation } from 'react-i18next';
import { matchRoute, useLocation, useRouter } from 'wouter';
import { useAllRevision } from '../state/revisions.ts';
import { useProcedure } from '../state/useProcedure.ts';
import { Icon, type IconName } from '../ui/icon/Icon.tsx';
import styles from './frame.module.css';
import { routes, type Section, sectionPath, sections } from './routes.tsx';

const icons: Readonly<Record<Section, IconName>> = {
  day: 'day',
  reports: 'report',
  cases: 'case',
  conflicts: 'conflict',
  settings: 'settings',
};

/** The entry whose screen is shown. */
function useSection(): Section | null {
  const [path] = useLocation();
  const { parser } = useRouter();
  return routes.find((route) => matchRoute(parser, route.path, path)[0])?.section ?? null;
}

/** The way to every part of the product, with how much waits there. */
export function Rail() {
  const { t } = useTranslation('common');
  const section = useSection();
  const { data } = useProcedure('day.get', {}, useAllRevision());
  const counts: Partial<Record<Section, number>> = data
    ? {
        day: data.counts.open,
        reports: data.counts.reports,
        cases: data.counts.cases,
        conflicts: data.counts.conflicts,
      }
    : {};
  return (
    <nav className={styles.rail} aria-label={t('nav.label')}>
      <span className={styles.product}>{t('product')}</span>
      {sections.map((entry) => (
        <a
          key={entry}
          href={`#${sectionPath[entry]}`}
          className={styles.entry}
          data-section={entry}
          title={t(`nav.${entry}`)}
          {...(entry === section && { 'aria-current': 'page' })}
        >
          <Icon name={icons[entry]} />
          <span className={styles.entryName}>{t(`nav.${entry}`)}</span>
          {(counts[entry] ?? 0) > 0 && <span className={styles.count}>{counts[entry]}</span>}
        </a>
      ))}
    </nav>
  );
}
