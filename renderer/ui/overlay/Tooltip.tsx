import type { ReactElement, ReactNode } from 'react';
import { Tooltip as AriaTooltip, TooltipTrigger } from 'react-aria-components';
import styles from './popover.module.css';

interface TooltipProps {
  /** A button or link of ours. */
  readonly children: ReactElement;
  /** An addition, never the only place of something needed: touch and print do not show it. */
  readonly text: ReactNode;
}

/** A short explanation on hover and on focus. */
export function Tooltip({ children, text }: TooltipProps) {
  return (
    <TooltipTrigger delay={500} closeDelay={80}>
      {children}
      <AriaTooltip className={styles.tooltip ?? ''} offset={6}>
        {text}
      </AriaTooltip>
    </TooltipTrigger>
  );
}
