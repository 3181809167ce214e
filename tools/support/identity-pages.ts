/** The one page of the identity provider for trying the product: who are you? */

export interface SignInPage {
  readonly uid: string;
  readonly organisation: string;
  readonly people: readonly { readonly login: string; readonly name: string }[];
}

export function signInPage({ uid, organisation, people }: SignInPage): string {
  const buttons = people.map(
    ({ login, name }) => `<button name="login" value="${escaped(login)}">${escaped(name)}</button>`,
  );
  return `<!doctype html>
<html lang="de">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(organisation)}: Anmeldung · sign-in</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 26rem; margin: 12vh auto 0; padding: 0 1rem; color: #1d2433; }
  form { display: grid; gap: .5rem; }
  button { font: inherit; text-align: start; padding: .7rem 1rem; border: 1px solid #8a93a6; border-radius: 8px; background: #fff; cursor: pointer; }
  button:hover, button:focus-visible { background: #eef2f8; outline: 2px solid #2b5fd0; }
</style>
<h1>${escaped(organisation)}</h1>
<p>Anmeldung zum Ausprobieren: Wer sind Sie?<br><span lang="en">Sign-in for trying the product: who are you?</span></p>
<form method="post" action="/sign-in/${escaped(uid)}">
${buttons.join('\n')}
</form>
`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string) => text.replace(/[&<>"']/g, (letter) => entities[letter] ?? letter);
