/** The instrument documents shipped with the product, as they lie in the files; `shared/instruments` reads them. */
import keyQuestions from './key-questions.json' with { type: 'json' };
import selfHarmConcern from './self-harm-concern.json' with { type: 'json' };
import threateningCommunication from './threatening-communication.json' with { type: 'json' };
import warningBehaviours from './warning-behaviours.json' with { type: 'json' };
import workplaceJudgement from './workplace-judgement.json' with { type: 'json' };

interface ShippedDocument {
  readonly name: string;
  readonly document: unknown;
}

/** In the order in which they are offered. */
export const instrumentDocuments: readonly ShippedDocument[] = [
  { name: 'warning-behaviours.json', document: warningBehaviours },
  { name: 'key-questions.json', document: keyQuestions },
  { name: 'workplace-judgement.json', document: workplaceJudgement },
  { name: 'threatening-communication.json', document: threateningCommunication },
  { name: 'self-harm-concern.json', document: selfHarmConcern },
];
