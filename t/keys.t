#!/usr/bin/perl

# Operators' keys: how carrierpay-keys makes, changes and drops them, what
# nginx -t says of a keyring that is wrong, and that a key is changed while
# the operator's gateway goes on writing.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Services qw(command read_file root service write_file);
use MIME::Base64 qw(decode_base64 encode_base64);
use Test::More;

my $tool = root() . '/conf/carrierpay-keys';
my $number = '33600000001';
my $t = Carrierpay::Test->start(
    operator => "header X-GCM format=aes-256-gcm key=gateway-x"
                . " window=300s;",
    plain => 'location = /who { return 200 "$carrierpay_identity'
             . ' $carrierpay_msisdn_masked"; }',
    keys => sub {
        command($tool, 'add', $_[0], 'gateway-x');
        service('own', $_[0]);
    },
);
my $secrets = "$t->{root}/secrets";

# The tool, on a keyring of its own.

my $ring = "$t->{root}/ring";

command(root() . '/conf/carrierpay-admin', 'keyring-new', $ring);
my $service = read_file($ring);

my ($key) = tool('add', $ring, 'orange_fr') =~ /\Aid 1\nkey (\S{44})\n\z/;
like(read_file($ring), qr/^\Q$service\Eorange_fr 1 \Q$key\E\n\z/,
     'a key is added below those of the service, and shown');
like(tool('add', $ring, 'orange_fr'), qr/\Aid 2\n/,
     'the next key has the next id');
like(tool('add', $ring, 'sfr', '--cipher=aes-256-cbc'),
     qr/\Aid 1\nkey \S{88}\n\z/, 'a key of AES-CBC and HMAC is added');
like(tool('add', $ring, 'tango', '--cipher=rsa-oaep'),
     qr/\Aid 1\n-----BEGIN PUBLIC KEY-----\n[\s\S]*-----END PUBLIC KEY-----\n/,
     'a key of RSA is added, and the public key is shown');
is((stat($ring))[2] & 0777, 0600, 'only its owner can read the keyring');

is(tool('list', $ring), join('', map { "$_\n" } "seal\t1\tservice",
    "index\t1\tservice", "apikey\t1\tservice", "session\t1\tservice",
    "orange_fr\t1\taes-256-gcm", "orange_fr\t2\taes-256-gcm",
    "sfr\t1\taes-256-cbc", "tango\t1\trsa-oaep"), 'the list shows no key');

tool('drop', $ring, 'orange_fr', 1);
unlike(read_file($ring), qr/orange_fr 1/, 'a key is dropped');
like(read_file($ring), qr/orange_fr 2/, 'the newer key stays');

# Keys that operators have made themselves.

write_file("$t->{root}/key", encode_base64('k' x 64));
tool('add', $ring, 'own', "--import=$t->{root}/key");
like(read_file($ring), qr/^own 1 \Q${\encode_base64('k' x 64, '')}\E$/m,
     'a key is imported in base64');

my $pem = `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 2>&1`;
write_file("$t->{root}/key", $pem =~ s/\A.*?(?=-----)//sr);
like(tool('add', $ring, 'pem', "--import=$t->{root}/key"), qr/PUBLIC KEY/,
     'a private key is imported in PEM');

for my $case (
    ['a name of the service', qr/service's own/, 'add', $ring, 'seal'],
    ['a name in capitals', qr/small letters/, 'add', $ring, 'Orange'],
    ['no cipher', qr/unknown cipher/, 'add', $ring, 'x', '--cipher=des'],
    ['two ciphers', qr/has keys of aes-256-gcm/, 'add', $ring, 'orange_fr',
     '--cipher=aes-256-cbc'],
    ['no base64', qr/not base64/, 'add', $ring, 'x', "--import=$secrets"],
    ['a key that is not there', qr/no key/, 'drop', $ring, 'orange_fr', 1],
    ['a key of the service', qr/service's own/, 'drop', $ring, 'seal', 1],
    ['a value with it', qr/no such key/, 'write', $ring, 'seal'],
    ['no keyring', qr/No such file/, 'list', "$ring.none"],
    ['no command', qr/\Acarrierpay-keys: no command "frobnicate": see .*\n\z/,
     'frobnicate', $ring],
    ['a number as an argument',
     qr/\Acarrierpay-keys: "write" takes KEYRING NAME: see .*\n\z/, 'write',
     $ring, 'orange_fr', $number],
    ['an unknown option', qr/\Acarrierpay-keys: unknown option: x: see .*\n\z/,
     'list', $ring, '--x'],
) {
    my ($what, $words, @arguments) = @$case;
    my $before = read_file($ring);

    like(`$tool @arguments 2>&1`, $words, "$what: the tool says why");
    isnt($?, 0, "$what: the tool fails");
    is(read_file($ring), $before, "$what: the keyring is unchanged");
}

# What nginx says of a keyring.

my $right = read_file($secrets);
my $conf = $t->configuration();
my $ec = `openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 \\
              -outform DER | base64 -w0`;

for my $case (
    ['several ids', undef, base(1, 32), base(7, 32), base(3, 32)],
    ['an id twice', qr/duplicate key id/, base(1, 32), base(1, 32)],
    ['ciphers of all sorts', qr/several ciphers/, base(1, 32), base(2, 64)],
    ['a key of no cipher', qr/not 32 bytes, 64 bytes, or/, base(1, 33)],
    ['an elliptic curve', qr/not 32 bytes, 64 bytes, or/, "more 1 $ec"],
    ['an id of 0', qr/a key id is not 1\.\.255/, base(0, 32)],
    ['an id of 256', qr/a key id is not 1\.\.255/, base(256, 32)],
    ['no base64', qr/not base64/, 'more 1 abcde'],
    ['a name in capitals', qr/small letters/, base(1, 32) =~ s/more/More/r],
    ['a long name', qr/longer than 64/, base(1, 32) =~ s/more/'m' x 65/er],
    ['no key', qr/"name id base64"/, 'more 1'],
    ['more than a key', qr/"name id base64"/, base(1, 32) . ' x'],
) {
    my ($what, $words, @lines) = @$case;
    my $last = () = ($right . join('', map { "$_\n" } @lines)) =~ /\n/g;

    write_file("$t->{root}/wrong", $right . join('', map { "$_\n" } @lines),
               0600);

    my $said = $t->check_configuration(
        $conf =~ s{(?<=carrierpay_secrets )[^;]*}{ $t->{root}/wrong}r);

    if ($words) {
        like($said, qr/\[emerg\].*$words.*wrong":$last/, "$what: $words");
    } else {
        like($said, qr/successful/, "$what: nginx -t is successful");
    }
}

# A key is changed while the gateway goes on.

my $first = value();
my $bare = value('--bare');

is(who($first), 'accepted +33******01',
   'a value with the first key is accepted');
is(who($bare), 'accepted +33******01',
   'a value without the id of the key is accepted');
is(who(value('--at=' . (time() - 400))), 'stale ',
   'a value of long ago is stale');
is(who($first =~ s/^1:/2:/r), 'forged ',
   'a value with a key that is not there yet is forged');

command($tool, 'add', $secrets, 'gateway-x');
ok($t->reload(), 'a second key is loaded by a reload');
is(who($first), 'accepted +33******01',
   'a value with the first key is accepted beside the second');
is(who($bare), 'forged ', 'a value without an id is read with the newest key');
is(who(value('--bare')), 'accepted +33******01',
   'a new value without an id is accepted');
is(who(value()), 'accepted +33******01', 'a new value with an id is accepted');

command($tool, 'drop', $secrets, 'gateway-x', 1);
ok($t->reload(), 'the first key is dropped by a reload');
is(who($first), 'forged ', 'a value with the dropped key is forged');
is(who(value()), 'accepted +33******01',
   'a value with the second key is accepted');

unlike($t->error_log(), qr/$number|\Q$first\E/,
       'no number and no value is logged');


sub tool { return command($tool, @_) }

sub base {
    my ($id, $len) = @_;

    return "more $id " . encode_base64('k' x $len, '');
}

sub value {
    return command('sh', '-c', 'number=$1; shift; echo "$number" | "$@"',
                   'sh', $number, $tool, 'write', $secrets, 'gateway-x',
                   '--time', @_) =~ s/\n//r;
}

sub who {
    my ($value) = @_;

    return $t->get($t->url('plain', '/who'), from => '127.0.0.2',
                   headers => ["X-GCM: $value"])->{body};
}
