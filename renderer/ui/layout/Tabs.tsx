import type { ReactNode } from 'react';
import { Tabs as AriaTabs, Tab, TabList, TabPanel } from 'react-aria-components';
import styles from './layout.module.css';

export interface TabItem<Id extends string> {
  readonly id: Id;
  readonly label: string;
  /** How many are in it. */
  readonly count?: number | undefined;
}

interface TabsProps<Id extends string> {
  /** Accessible name of the row of tabs. */
  readonly label: string;
  readonly items: readonly TabItem<Id>[];
  readonly selected: Id;
  readonly onSelect: (id: Id) => void;
  /** The panel of the selected tab. */
  readonly children: ReactNode;
}

/** Views of one thing. Arrow keys move; the address should follow, so that back works. */
export function Tabs<Id extends string>({ label, items, selected, onSelect, children }: TabsProps<Id>) {
  return (
    <AriaTabs
      className={styles.tabs ?? ''}
      selectedKey={selected}
      keyboardActivation="manual"
      onSelectionChange={(key) => {
        const item = items.find(({ id }) => id === key);
        if (item && item.id !== selected) onSelect(item.id);
      }}
    >
      <TabList className={styles.tabList ?? ''} aria-label={label}>
        {items.map((item) => (
          <Tab key={item.id} id={item.id} className={styles.tab ?? ''}>
            {item.label}
            {item.count !== undefined && item.count > 0 && (
              <span className={styles.tabCount}>{item.count}</span>
            )}
          </Tab>
        ))}
      </TabList>
      {items.map((item) => (
        <TabPanel key={item.id} id={item.id} className={styles.tabPanel ?? ''}>
          {item.id === selected ? children : null}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}
