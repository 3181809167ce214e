import type { ReactNode } from 'react';
import type { SessionView } from '../../../shared/contract/views.ts';
import { EmergencyCard } from './EmergencyCard.tsx';
import { LanguageSwitch } from './LanguageSwitch.tsx';
import styles from './session.module.css';

interface GateProps {
  readonly session: SessionView;
  readonly title: string;
  /** Above the title: which step this is. */
  readonly step?: string;
  readonly lead: ReactNode;
  readonly children: ReactNode;
}

/** The frame of what is shown before the vault is open. */
export function Gate({ session, title, step, lead, children }: GateProps) {
  return (
    <main className={styles.gate} id="main">
      <div className={styles.column}>
        <header className={styles.head}>
          {step !== undefined && <span className={styles.step}>{step}</span>}
          <h1 tabIndex={-1} data-page-title>
            {title}
          </h1>
          <p className={styles.lead}>{lead}</p>
        </header>
        {children}
        <EmergencyCard contacts={session.emergency} />
        <footer className={styles.foot}>
          <LanguageSwitch />
        </footer>
      </div>
    </main>
  );
}
