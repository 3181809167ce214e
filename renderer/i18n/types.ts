/** Makes `t()` know every key: the German catalogue is the source, a test holds the English one to it. */
import 'i18next';
import type { catalogue } from './catalogue.de.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: typeof catalogue;
  }
}
