import { Menu as AriaMenu, MenuItem, MenuTrigger, Popover, Separator } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../button/Button.tsx';
import { Icon, type IconName } from '../icon/Icon.tsx';
import { Kbd } from '../text/Kbd.tsx';
import styles from './popover.module.css';

export interface MenuAction {
  readonly id: string;
  readonly label: string;
  readonly onAction: () => void;
  readonly icon?: IconName;
  readonly kbd?: string;
  readonly description?: string;
  readonly tone?: 'normal' | 'danger';
  readonly isDisabled?: boolean;
  /** Draws a line above. */
  readonly startsGroup?: boolean;
}

export interface MenuProps {
  readonly actions: readonly MenuAction[];
  /** Words of the trigger; without them it is three dots named "More actions". */
  readonly label?: string;
  readonly size?: 'small' | 'medium';
}

/** Actions that do not deserve a button of their own. */
export function Menu({ actions, label, size = 'medium' }: MenuProps) {
  const { t } = useTranslation('common');
  return (
    <MenuTrigger>
      {label === undefined ? (
        <IconButton icon="more" label={t('action.more')} size={size} />
      ) : (
        <Button size={size}>
          {label}
          <Icon name="chevronDown" />
        </Button>
      )}
      <Popover className={styles.popover ?? ''} placement="bottom end" offset={4}>
        <AriaMenu className={styles.list ?? ''}>
          {actions.flatMap((action) => [
            ...(action.startsGroup === true
              ? [<Separator key={`${action.id}-line`} className={styles.separator ?? ''} />]
              : []),
            <MenuEntry key={action.id} action={action} />,
          ])}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}

function MenuEntry({ action }: { readonly action: MenuAction }) {
  return (
    <MenuItem
      id={action.id}
      textValue={action.label}
      className={styles.item ?? ''}
      data-tone={action.tone}
      isDisabled={action.isDisabled ?? false}
      onAction={action.onAction}
    >
      {action.icon && <Icon name={action.icon} />}
      <span className={styles.itemText}>
        <span>{action.label}</span>
        {action.description !== undefined && <span className={styles.itemNote}>{action.description}</span>}
      </span>
      {action.kbd && <Kbd keys={action.kbd} />}
    </MenuItem>
  );
}
