import type { ReactNode, Ref } from 'react';
import { Button as AriaButton, Link as AriaLink } from 'react-aria-components';
import { cx } from '../cx.ts';
import { given } from '../given.ts';
import { Icon, type IconName } from '../icon/Icon.tsx';
import { Kbd } from '../text/Kbd.tsx';
import styles from './button.module.css';

export type ButtonTone = 'normal' | 'primary' | 'quiet' | 'danger';
export type ButtonSize = 'small' | 'medium' | 'large';

interface LookProps {
  /** One `primary` per screen; `danger` only for what destroys or goes outward. */
  readonly tone?: ButtonTone;
  readonly size?: ButtonSize;
  /** Fills the width it is given. */
  readonly wide?: boolean;
  readonly icon?: IconName;
  /** The key that does the same, shown beside the words. It is a hint: bind it with `useShortcut`. */
  readonly kbd?: string;
}

export interface ButtonProps extends LookProps {
  readonly children: ReactNode;
  readonly onPress?: (() => void) | undefined;
  readonly type?: 'button' | 'submit' | 'reset';
  /** Form to submit when the button stands outside it. */
  readonly form?: string;
  readonly isDisabled?: boolean;
  /** Under way: keeps its words and its focus, and takes no second press. */
  readonly isPending?: boolean;
  readonly autoFocus?: boolean;
  /** `close` closes the dialog around it. */
  readonly slot?: 'close';
  readonly ref?: Ref<HTMLButtonElement>;
  readonly 'aria-label'?: string;
  readonly 'aria-describedby'?: string;
}

/**
 * Under way, a button keeps its words and its focus, and takes no press. React Aria would have it announced by its
 * id, which names nothing any more when the button is gone with its dialog.
 */
function whilePending<Props extends Pick<ButtonProps, 'onPress' | 'type'>>(isPending: boolean, props: Props) {
  if (!isPending) return props;
  return { ...props, onPress: undefined, type: 'button' as const, 'aria-disabled': true as const };
}

/** Does something when pressed. Its words are its name: a verb and, where needed, an object. */
export function Button(props: ButtonProps) {
  const {
    children,
    tone = 'normal',
    size = 'medium',
    wide = false,
    icon,
    kbd,
    isPending = false,
    ...rest
  } = props;
  return (
    <AriaButton
      {...given(whilePending(isPending, rest))}
      className={styles.button ?? ''}
      data-tone={tone}
      data-size={size}
      data-wide={wide || undefined}
    >
      <span className={styles.label}>
        {icon && <Icon name={icon} />}
        {children}
        {kbd && <Kbd keys={kbd} />}
      </span>
      {isPending && <span className={styles.running} aria-hidden="true" />}
    </AriaButton>
  );
}

interface ButtonLinkProps extends LookProps {
  readonly children: ReactNode;
  /** Address inside the product, as in the route table: `#/reports/new`. */
  readonly href: string;
}

/** Goes somewhere and looks like a button. */
export function ButtonLink({
  children,
  href,
  tone = 'normal',
  size = 'medium',
  wide,
  icon,
  kbd,
}: ButtonLinkProps) {
  return (
    <AriaLink
      href={href}
      className={styles.button ?? ''}
      data-tone={tone}
      data-size={size}
      data-wide={wide || undefined}
    >
      {icon && <Icon name={icon} />}
      {children}
      {kbd && <Kbd keys={kbd} />}
    </AriaLink>
  );
}

export interface IconButtonProps
  extends Omit<ButtonProps, 'children' | 'aria-label' | 'icon' | 'kbd' | 'wide'> {
  readonly icon: IconName;
  /** What it does, in words: its accessible name. */
  readonly label: string;
}

/** A button with a picture only; `label` is its name and shows as a tooltip of the browser. */
export function IconButton({
  icon,
  label,
  tone = 'quiet',
  size = 'medium',
  isPending = false,
  ...rest
}: IconButtonProps) {
  return (
    <AriaButton
      {...given(whilePending(isPending, rest))}
      aria-label={label}
      className={cx(styles.button, styles.iconOnly)}
      data-tone={tone}
      data-size={size}
    >
      <Icon name={icon} size={size === 'small' ? 14 : 16} />
    </AriaButton>
  );
}
