import { type ReactNode, useId } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../button/Button.tsx';
import styles from './dialog.module.css';

export interface DialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  /** Escape, the close button and a press outside ask for it. */
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Buttons at the foot, the main one first. */
  readonly actions?: ReactNode;
  readonly size?: 'small' | 'medium' | 'large';
  /** Stays open on a press outside, for forms with something to lose. */
  readonly isModalOnly?: boolean;
}

/** A task above the screen: takes the focus, keeps it, and gives it back. */
export function Dialog(props: DialogProps) {
  const { title, isOpen, onClose, children, actions, size = 'medium', isModalOnly = false } = props;
  const { t } = useTranslation('common');
  return (
    <ModalOverlay
      className={styles.scrim ?? ''}
      isOpen={isOpen}
      isDismissable={!isModalOnly}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Modal className={styles.modal ?? ''} data-size={size}>
        <AriaDialog className={styles.dialog ?? ''}>
          <header className={styles.header}>
            <Heading slot="title" className={styles.title ?? ''}>
              {title}
            </Heading>
            <IconButton icon="close" label={t('action.close')} onPress={onClose} />
          </header>
          <div className={styles.body}>{children}</div>
          {actions !== undefined && <footer className={styles.actions}>{actions}</footer>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

export interface ConfirmDialogProps {
  readonly title: string;
  /** What will happen, what is kept, and whether it can be undone. */
  readonly children: ReactNode;
  /** The verb of what will happen; never "OK" or "Yes". */
  readonly confirmLabel: string;
  readonly isOpen: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly tone?: 'primary' | 'danger';
  readonly isPending?: boolean;
}

/** Asks before something destructive or outward, and says what it will do. Focus starts on the way out. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const {
    title,
    children,
    confirmLabel,
    isOpen,
    onConfirm,
    onClose,
    tone = 'danger',
    isPending = false,
  } = props;
  const { t } = useTranslation('common');
  const textId = useId();
  return (
    <ModalOverlay
      className={styles.scrim ?? ''}
      isOpen={isOpen}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Modal className={styles.modal ?? ''} data-size="small">
        <AriaDialog role="alertdialog" className={styles.dialog ?? ''} aria-describedby={textId}>
          <header className={styles.header}>
            <Heading slot="title" className={styles.title ?? ''}>
              {title}
            </Heading>
          </header>
          <div className={styles.body} id={textId}>
            {children}
          </div>
          <footer className={styles.actions}>
            <Button tone={tone} onPress={onConfirm} isPending={isPending}>
              {confirmLabel}
            </Button>
            <Button onPress={onClose} autoFocus>
              {t('action.cancel')}
            </Button>
          </footer>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
