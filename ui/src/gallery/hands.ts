/** What a person's hands have opened: a scene, and what is pressed in it, one after the other; what some sizes do not have ends in «?». */
export const hands: Record<string, { scene: string; press: string[] }> = {
  'account-open': { scene: 'diary-linked', press: ['account'] },
  'account-open-parent': { scene: 'diary-parent', press: ['account'] },
  'section-library': { scene: 'diary', press: ['nav-library'] },
  'section-portfolio': { scene: 'diary', press: ['nav-portfolio'] },
  'section-help': { scene: 'diary', press: ['nav-help'] },
  'help-dialog': { scene: 'code', press: ['help'] },
  'help-stayed': { scene: 'contact', press: ['help', 'stop-linking', 'keep-linking'] },
  'security-all': { scene: 'security', press: ['all-events'] },
  'proof-by-code': { scene: 'proof-unlink', press: ['by-code'] },
  'proof-by-password': { scene: 'proof-delete-code', press: ['by-password'] },
  'suggestion-taken': { scene: 'contact-suggestion', press: ['take-suggestion'] },
  'help-stop': { scene: 'contact', press: ['help', 'stop-linking'] },
  'sms-help': { scene: 'code-second', press: ['sms-help'] },
  'max-qr-shown': { scene: 'max', press: ['show-qr?'] },
  'how-max': { scene: 'max-away', press: ['how-max'] },
  'password-seen': { scene: 'password-strong', press: ['toggle-password'] },
};
