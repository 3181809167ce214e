# Templates and code say the same, and no rule is broken. The templates are what the next stages deploy.
npm run synth --silent
