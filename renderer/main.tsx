// First, before anything parses with zod: its compiled parsers need `new Function`, which the CSP refuses (E03).
import './app/zod.ts';
import './styles/index.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { preferredLanguage, startI18n } from './i18n/language.ts';
import { followSession } from './state/session.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');

followSession();
await startI18n(preferredLanguage(navigator.languages));
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
