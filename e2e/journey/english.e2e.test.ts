import { walkTheJourney } from './journey.ts';

walkTheJourney('en');
