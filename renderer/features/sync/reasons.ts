/** Why the service does not count a change, told to who wrote it and to who leads the case. */
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { type ErrorCode, TmaError } from '../../../shared/errors.ts';
import { useErrorText } from '../../i18n/errorText.ts';

/** Codes with words of their own; the words of the catalogue speak to who has just pressed a button. */
const told = {
  'access.denied': 'noAccess',
  'record.field-invalid': 'notAllowed',
  'record.field-unknown': 'notAllowed',
  'case.transition-refused': 'status',
  'assessment.signed': 'signed',
  'change.malformed': 'unreadable',
  'change.chain-broken': 'chain',
  'change.signature-invalid': 'chain',
} as const satisfies Partial<Record<ErrorCode, string>>;

export function useReasonText(): (code: ErrorCode) => string {
  const { t } = useTranslation('sync');
  const errorText = useErrorText();
  return useCallback(
    (code) => {
      const key = Object.hasOwn(told, code) ? told[code as keyof typeof told] : undefined; // a key of it, as just asked
      return key === undefined ? `${errorText(new TmaError(code)).title}.` : t(`reason.${key}`);
    },
    [t, errorText],
  );
}
