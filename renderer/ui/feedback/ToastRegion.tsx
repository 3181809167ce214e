import {
  UNSTABLE_Toast as AriaToast,
  UNSTABLE_ToastContent as AriaToastContent,
  UNSTABLE_ToastRegion as AriaToastRegion,
  Text,
} from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '../button/Button.tsx';
import { Icon } from '../icon/Icon.tsx';
import styles from './feedback.module.css';
import { type ToastContent, toastQueue } from './toasts.ts';

const icons = { done: 'done', info: 'info', danger: 'danger' } as const;

/** Where toasts appear; once per window, and a landmark reachable with F6. */
export function ToastRegion() {
  const { t } = useTranslation('common');
  return (
    <AriaToastRegion queue={toastQueue} className={styles.toasts ?? ''} aria-label={t('toast.region')}>
      {({ toast }) => (
        <AriaToast toast={toast} className={styles.toast ?? ''} data-tone={toast.content.tone}>
          <Icon name={icons[toast.content.tone]} size={18} className={styles.toastIcon} />
          <AriaToastContent className={styles.toastText ?? ''}>
            <Text slot="title">{toast.content.text}</Text>
          </AriaToastContent>
          <UndoButton content={toast.content} onDone={() => toastQueue.close(toast.key)} />
          <IconButton icon="close" size="small" label={t('action.close')} slot="close" />
        </AriaToast>
      )}
    </AriaToastRegion>
  );
}

function UndoButton({ content, onDone }: { readonly content: ToastContent; readonly onDone: () => void }) {
  const { t } = useTranslation('common');
  const { undo } = content;
  if (!undo) return null;
  return (
    <Button
      size="small"
      onPress={() => {
        undo();
        onDone();
      }}
    >
      {t('action.undo')}
    </Button>
  );
}
