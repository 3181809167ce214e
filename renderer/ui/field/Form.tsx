import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { Form as AriaForm } from 'react-aria-components';
import styles from './form.module.css';

export interface FormProps {
  readonly children: ReactNode;
  readonly onSubmit: () => void;
  /** What is wrong, by the `name` of the field; shown at the field, the first one takes the focus. */
  readonly errors?: Readonly<Record<string, string>> | undefined;
  readonly id?: string;
  readonly 'aria-label'?: string;
  readonly 'aria-labelledby'?: string;
}

/** Fields one below the other; Enter in a line of text submits. */
export function Form({ children, onSubmit, errors, ...rest }: FormProps) {
  const form = useRef<HTMLFormElement>(null);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    if (tries > 0) firstInvalid(form.current)?.focus();
  }, [tries]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // Events of a dialog reach what opened it, which may be a form as well; that one was not submitted.
    event.stopPropagation();
    onSubmit();
    setTries(tries + 1);
  };
  return (
    <AriaForm
      {...rest}
      ref={form}
      className={styles.form ?? ''}
      validationBehavior="aria"
      onSubmit={submit}
      {...(errors && { validationErrors: { ...errors } })}
    >
      {children}
    </AriaForm>
  );
}

const focusable = ['input', 'textarea', 'button', '[role="spinbutton"]']
  .map((each) => `${each}:not([aria-hidden] *, [type="hidden"])`)
  .join(', ');

/** Where the person goes on when something is missing. */
function firstInvalid(form: HTMLElement | null): HTMLElement | null {
  return form?.querySelector('[data-invalid]')?.querySelector<HTMLElement>(focusable) ?? null;
}

/** Fields side by side while there is room. `wideFirst` gives the first two thirds. */
export function FormRow({
  children,
  wideFirst = false,
}: {
  readonly children: ReactNode;
  readonly wideFirst?: boolean;
}) {
  return (
    <div className={styles.row} data-wide-first={wideFirst || undefined}>
      {children}
    </div>
  );
}

interface FormSectionProps {
  readonly title: string;
  readonly help?: ReactNode;
  readonly children: ReactNode;
}

/** Fields that belong together under a heading. */
export function FormSection({ title, help, children }: FormSectionProps) {
  return (
    <fieldset className={styles.section}>
      <legend className={styles.legend}>{title}</legend>
      {help !== undefined && <p className={styles.help}>{help}</p>}
      {children}
    </fieldset>
  );
}

/** The buttons that end a form, the main one first. */
export function FormActions({ children }: { readonly children: ReactNode }) {
  return (
    <div className={styles.actions} data-form-actions>
      {children}
    </div>
  );
}
