import type { TFunction } from 'i18next';
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorShape } from '../../shared/errors.ts';

export interface ErrorText {
  /** What happened, in a short sentence. */
  readonly title: string;
  /** What was kept and what to do. */
  readonly text: string;
}

/** The words for a failure, from the catalogue. */
export function errorTextOf(t: TFunction<'errors'>, error: ErrorShape): ErrorText {
  const { code, params = {} } = error;
  return { title: t(`${code}.title`, params), text: t(`${code}.text`, params) };
}

/** {@link errorTextOf} in the language shown. */
export function useErrorText(): (
  error: Pick<ErrorShape, 'code'> & { params?: ErrorShape['params'] | undefined },
) => ErrorText {
  const { t } = useTranslation('errors');
  return useCallback(
    ({ code, params }) => errorTextOf(t, params === undefined ? { code } : { code, params }),
    [t],
  );
}
