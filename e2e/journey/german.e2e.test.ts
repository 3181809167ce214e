import { walkTheJourney } from './journey.ts';

walkTheJourney('de');
