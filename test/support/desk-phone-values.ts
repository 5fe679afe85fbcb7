/** Values that settings of desk phones take, and values that could leave their place in a phone's file. */
import { adminPasswordProblem, backgroundImageProblem, ntpServerProblem } from '../../src/domain/device/desk-phone-settings.js';

interface GoodValues {
  readonly values: readonly string[];
  readonly check: (value: string) => string | null;
}

export const deskPhoneProblems: readonly (readonly [string, GoodValues, readonly string[]])[] = [
  ['background image', { check: backgroundImageProblem, values: ['', 'https://img.example.com/a/b.png', 'https://img.example.com:8443/x?y=1&z=%20', 'https://192.0.2.1/a.bmp'] },
    ['http://img.example.com/a.png', 'ftp://x/y', 'https://', 'https://u:p@host/a.png', 'https://host/a b.png', 'https://host/a".png', 'https://host/a\nb', 'https://host/<x>', 'https://host:99999/a', 'javascript:alert(1)']],
  ['NTP server', { check: ntpServerProblem, values: ['', 'pool.ntp.org', '192.0.2.7', '2001:db8::7', 'ntp'] },
    ['a b', 'host;x', '-host', '300.1.1.1', '1.2.3', 'https://ntp', 'a..b', '::1::', 'x\ny']],
  ['admin password', { check: adminPasswordProblem, values: ['S3cret-pass', 'a.b_c!d@e+f=g'] },
    ['short', 'with space1', 'quote"quote', 'new\nline12', 'x'.repeat(33), 'pfünfzehn1', '$MA$MA$MA', '%NULL%NULL']],
];
