/** Kinds of personal data that no line of a log may hold; should one, CloudWatch shows stars in its place. S08, E15 */
const kinds = ['EmailAddress', 'IpAddress', 'PhoneNumber-DE', 'BankAccountNumber-DE'];

/** A second net under the service, which writes no personal data by itself: its logs are a list of allowed fields. */
export function dataProtection(prefix: string): unknown {
  const DataIdentifier = kinds.map((kind) => `arn:aws:dataprotection::aws:data-identifier/${kind}`);
  return {
    Name: `${prefix}-no-personal-data`,
    Description: 'Hides personal data should any be logged',
    Version: '2021-06-01',
    Statement: [
      { Sid: 'count', DataIdentifier, Operation: { Audit: { FindingsDestination: {} } } },
      { Sid: 'hide', DataIdentifier, Operation: { Deidentify: { MaskConfig: {} } } },
    ],
  };
}
