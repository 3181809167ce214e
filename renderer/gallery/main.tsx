/**
 * Every component in every state, for looking at and for the browser tests. Never part of the shipped bundle.
 * `?theme=dark`, `?language=en` and `?part=NAME` choose what is shown.
 */
import '../app/zod.ts';
import '../styles/index.ts';
import { StrictMode } from 'react';
import { I18nProvider } from 'react-aria-components/I18nProvider';
import { createRoot } from 'react-dom/client';
import { isLanguage, localeOf, startI18n } from '../i18n/language.ts';
import { ToastRegion } from '../ui/feedback/ToastRegion.tsx';
import { DataGallery } from './DataGallery.tsx';
import { FieldGallery } from './FieldGallery.tsx';
import { FrameGallery } from './FrameGallery.tsx';
import { ManyRows } from './ManyRows.tsx';
import { StatusGallery } from './StatusGallery.tsx';

const parts = {
  status: StatusGallery,
  fields: FieldGallery,
  data: DataGallery,
  frame: FrameGallery,
  rows: ManyRows,
} as const;

const asked = new URLSearchParams(window.location.search);
const theme = asked.get('theme');
const wantedLanguage = asked.get('language');
const language = isLanguage(wantedLanguage) ? wantedLanguage : 'de';
const wantedPart = asked.get('part') ?? 'status';
const Part = wantedPart in parts ? parts[wantedPart as keyof typeof parts] : StatusGallery;

if (theme !== null) document.documentElement.dataset.theme = theme;
await startI18n(language);
const root = document.getElementById('root');
if (root === null) throw new Error('gallery.html has no #root');
createRoot(root).render(
  <StrictMode>
    <I18nProvider locale={localeOf[language]}>
      <Part />
      <ToastRegion />
    </I18nProvider>
  </StrictMode>,
);
