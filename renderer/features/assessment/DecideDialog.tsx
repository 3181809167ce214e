import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { InputOf } from '../../../shared/contract/procedures.ts';
import type { CaseView } from '../../../shared/contract/views.ts';
import { type ConcernLevel, concernLevels } from '../../../shared/domain/levels.ts';
import type { Rating } from '../../../shared/instruments/answers.ts';
import { gaps } from '../../../shared/instruments/gaps.ts';
import { evaluatePrompts, promptsToJustify } from '../../../shared/instruments/prompts.ts';
import { type Instrument, itemsOf } from '../../../shared/instruments/schema.ts';
import { client } from '../../app/client.ts';
import { useFormat, useLanguage } from '../../i18n/useFormat.ts';
import type { Typed } from '../../state/record.ts';
import { useAction } from '../../state/useAction.ts';
import { Button } from '../../ui/button/Button.tsx';
import { ErrorNote } from '../../ui/feedback/ErrorNote.tsx';
import { Note } from '../../ui/feedback/Note.tsx';
import { toast } from '../../ui/feedback/toasts.ts';
import { Checkbox, RadioGroup } from '../../ui/field/Choice.tsx';
import { Form, FormActions } from '../../ui/field/Form.tsx';
import { TextArea } from '../../ui/field/TextField.tsx';
import { Dialog } from '../../ui/overlay/Dialog.tsx';
import { Quiet } from '../../ui/text/Quiet.tsx';
import { PromptNotes } from './PromptNotes.tsx';

interface DecideDialogProps {
  readonly view: CaseView;
  readonly assessment: Typed<'assessment'>;
  readonly instrument: Instrument;
  readonly rating: Rating;
  readonly onClose: () => void;
}

const sign = (input: InputOf<'assessments.sign'>) => client.call('assessments.sign', input);

/** The level as a reasoned judgement, and the signature under it. */
export function DecideDialog({ view, assessment, instrument, rating, onClose }: DecideDialogProps) {
  const { t } = useTranslation(['assessments', 'common']);
  const [, navigate] = useLocation();
  const [level, setLevel] = useState<ConcernLevel | null>(null);
  const [rationale, setRationale] = useState('');
  const [imminent, setImminent] = useState(view.line.imminent);
  const [wasSubmitted, setSubmitted] = useState(false);
  const signing = useAction(sign);
  const prompts = evaluatePrompts(instrument, rating.answers);
  const submit = async () => {
    setSubmitted(true);
    if (level === null || rationale.trim() === '') return;
    const ids = { caseId: view.line.id, assessmentId: assessment.id };
    const signed = await signing.run({ ...ids, level, rationale: rationale.trim(), imminent });
    if (signed === undefined) return;
    toast(t('assessments:signed'));
    navigate(`/cases/${view.line.id}`);
  };
  const errors = {
    ...(level === null && { level: t('assessments:missingLevel') }),
    ...(rationale.trim() === '' && { rationale: t('assessments:missingRationale') }),
  };
  return (
    <Dialog title={t('assessments:decideTitle')} isOpen onClose={onClose} isModalOnly>
      <Form
        onSubmit={() => void submit()}
        aria-label={t('assessments:decideTitle')}
        errors={wasSubmitted ? errors : {}}
      >
        <p>{t('assessments:decideIntro')}</p>
        <Gaps instrument={instrument} rating={rating} />
        <RadioGroup
          label={t('assessments:level')}
          name="level"
          options={concernLevels.map((value) => ({
            value,
            label: t(`common:levelLong.${value}`),
            description: t(`assessments:levelHint.${value}`),
          }))}
          value={level}
          onChange={setLevel}
          isRequired
        />
        {level !== null && <PromptNotes prompts={promptsToJustify(prompts, level)} />}
        <TextArea
          label={t('assessments:rationale')}
          help={t('assessments:rationaleHint')}
          name="rationale"
          lines={4}
          value={rationale}
          onChange={setRationale}
          isRequired
        />
        <Checkbox isSelected={imminent} onChange={setImminent}>
          {t('assessments:imminent')}
        </Checkbox>
        <ErrorNote error={signing.error} />
        <Quiet>{t('assessments:signHint')}</Quiet>
        <FormActions>
          <Button type="submit" tone="primary" isPending={signing.isPending}>
            {t('assessments:sign')}
          </Button>
          <Button onPress={onClose}>{t('common:action.cancel')}</Button>
        </FormActions>
      </Form>
    </Dialog>
  );
}

/** What still stands in the way of a signature. */
function Gaps({ instrument, rating }: Pick<DecideDialogProps, 'instrument' | 'rating'>) {
  const { t } = useTranslation(['assessments', 'common']);
  const language = useLanguage();
  const format = useFormat();
  const found = gaps(instrument, rating);
  const titles = (itemIds: readonly string[]) =>
    format.list(
      itemsOf(instrument).flatMap(({ id, title }) => (itemIds.includes(id) ? [title[language]] : [])),
    );
  const open = found.filter(({ reason }) => reason === 'unanswered').map(({ itemId }) => itemId);
  const unproved = found.filter(({ reason }) => reason === 'evidence-missing').map(({ itemId }) => itemId);
  return (
    <>
      {open.length > 0 && (
        <Note tone="warn">
          {t('assessments:incomplete', { count: open.length })} {titles(open)}
        </Note>
      )}
      {unproved.length > 0 && (
        <Note tone="warn">{t('assessments:evidenceMissing', { items: titles(unproved) })}</Note>
      )}
    </>
  );
}
