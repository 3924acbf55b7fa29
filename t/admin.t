#!/usr/bin/perl

# What operations set and read with carrierpay-admin: what shoppers see of a
# merchant, payments, their messages and webhooks, and what the tool says of a
# mistake. Without nginx: the tool talks to PostgreSQL alone.

use strict;
use warnings;

use DBI;
use File::Path qw(remove_tree);
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/lib";
use lib "$FindBin::Bin/../conf/lib";
use Carrierpay::Admin::Database;
use Carrierpay::Admin::Merchant;
use Carrierpay::Test::Services qw(from_template root service write_file);
use Encode qw(decode encode);
use JSON::PP ();
use MIME::Base64 qw(encode_base64);
use Test::More;

my $admin = root() . '/conf/carrierpay-admin';
my $dir = tempdir('carrierpay-XXXXXXXX', DIR => '/tmp');

service('folder', $dir, '711');
from_template($dir);
service('start_postgres', "$dir/postgres", 'fsync=off');

my $dsn = "host=$dir/postgres dbname=carrierpay user=postgres";
my $dbh = DBI->connect("dbi:Pg:$dsn", undef, undef,
                       { RaiseError => 1, PrintError => 0 });

$dbh->do('set search_path = carrierpay');

# A merchant, with all that shoppers see.

my $name = encode('UTF-8', "Caf\x{e9} \x{20ac}");
my $id = admin('merchant', 'add', $name) =~ s/\s+//r;

like(admin('merchant', 'list'),
     qr/^id +name +locale\n(?:.*\n)*$id +\Q$name\E +en$/m,
     'a name in UTF-8 is listed as it was given, below the headers');
is_deeply([grep { $_->{id} == $id } @{json('merchant', 'list')}],
          [{ id => $id, name => decode('UTF-8', $name), locale => 'en' }],
          'the list in JSON has a name in UTF-8 as it was given');
is(value("select encode(convert_to(name, 'UTF8'), 'hex') from merchant"
         . " where id = ?", $id), unpack('H*', $name),
   'a name in UTF-8 is stored as it was given');
is_deeply(json('merchant', 'show', $id), [{ id => $id, cell => 0,
    name => decode('UTF-8', $name), locale => 'en',
    category => 'digital_content',
    map { $_ => undef } qw(support terms colour logo frames) }],
    'a new merchant has nothing set');

my $png = "\x89PNG\r\n\x1a\n" . 'x' x 8184;
my $support = encode('UTF-8', "Appelez-nous \x{e0} toute heure: +33 1");

write_file("$dir/logo", $png);
admin('merchant', 'set', $name, '--locale=fr', '--category=tickets',
      "--support=$support",
      '--terms=https://shop.example/terms?a=b', '--colour=#1A2b3C',
      "--logo=$dir/logo", '--frames= https://a.example  '
      . 'https://*.b.example:8443 ');
is(admin('merchant', 'show', $name), join('', map { "$_\n" } 'member    value',
    "id        $id", 'cell      0', "name      $name", 'locale    fr',
    'category  tickets', "support   $support",
    'terms     https://shop.example/terms?a=b', 'colour    1a2b3c',
    'logo      image/png, 8192 bytes',
    'frames    https://a.example https://*.b.example:8443'),
   'a merchant shows all that was set');
is(value('select logo from merchant where id = ?', $id),
   'data:image/png;base64,' . encode_base64($png, ''),
   'the logo is stored as a data: URI');

admin('merchant', 'set', $id, '--name=Shop with a name', '--colour=');
like(admin('merchant', 'show', $id), qr/^name\ +Shop\ with\ a\ name\n
     locale\ +fr\ncategory\ +tickets\nsupport\ +\Q$support\E\n.*
     ^colour\ +-\nlogo\ +image/msx,
     'what is not named stays, and an empty value takes one back');
admin('merchant', 'set', $id, "--$_=") for qw(support terms logo frames);
like(admin('merchant', 'show', $id), qr/^support\ +-\nterms\ +-\ncolour\ +-\n
     logo\ +-\nframes\ +-\n\z/mx, 'empty values take everything back');

for my $image (['image/jpeg', "\xff\xd8\xff\xe0 JFIF"],
               ['image/webp', "RIFF\x0a\x00\x00\x00WEBPVP8 "]) {
    my ($type, $bytes) = @$image;

    write_file("$dir/logo", $bytes);
    admin('merchant', 'set', $id, "--logo=$dir/logo");
    is(value('select logo from merchant where id = ?', $id),
       "data:$type;base64," . encode_base64($bytes, ''), $type);
}

# Options that are refused.

my %files = (large => $png . 'x', svg => '<svg xmlns="x"></svg>',
             gif => 'GIF89a', empty => '', riff => "RIFF\x0a\x00\x00\x00WAVE");
write_file("$dir/$_", $files{$_}) for keys %files;

my $before = admin('merchant', 'show', $id);

for my $case (
    ['a logo that is too large', qr/larger than 8192 bytes/,
     "--logo=$dir/large"],
    ['SVG', qr/not a PNG, JPEG or WebP image/, "--logo=$dir/svg"],
    ['GIF', qr/not a PNG, JPEG or WebP image/, "--logo=$dir/gif"],
    ['an empty file', qr/not a PNG/, "--logo=$dir/empty"],
    ['a sound', qr/not a PNG/, "--logo=$dir/riff"],
    ['no file', qr/No such file/, "--logo=$dir/none"],
    ['a folder', qr/Is a directory/, "--logo=$dir"],
    ['a colour by its name', qr/six hexadecimal digits/, '--colour=red'],
    ['four digits', qr/six hexadecimal digits/, '--colour=12ab'],
    ['a script for terms', qr/not an http/, '--terms=javascript:alert(1)'],
    ['a URL with a quote', qr/not an http/, '--terms=https://x/"onclick='],
    ['frames without TLS', qr/"https:\/\/HOST"/, '--frames=http://a.example'],
    ['one of two', qr/"https:\/\/HOST"/,
     '--frames=https://a.example http://b.example'],
    ['a policy in frames', qr/"https:\/\/HOST"/,
     '--frames=https://a.example; script-src *'],
    ['everybody', qr/"https:\/\/HOST"/, '--frames=*'],
    ['a path', qr/"https:\/\/HOST"/, '--frames=https://a.example/x'],
    ['a language by its name', qr/--locale="French": not one of en, fr$/m,
     '--locale=French'],
    ['a language that the service does not speak',
     qr/--locale="de": not one of en, fr$/m, '--locale=de'],
    ['a name of spaces', qr/--name/, '--name=  '],
    ['an invisible name', qr/no visible character/, "--name=\xe3\x85\xa4"],
    ['a name that turns the text', qr/direction of text/,
     "--name=a\xe2\x80\xaeb"],
    ['a name of two lines', qr/more than one line/, "--name=a\xe2\x80\xa8b"],
    ['a name with a C1 control', qr/a control character/,
     "--name=a\xc2\x9b31m"],
    ['no name', qr/name requires an argument: see carrierpay-admin help$/m,
     '--name='],
    ['support of two lines', qr/--support: a control/, "--support=a\nb"],
    ['support of 201 bytes', qr/200 bytes/, '--support=' . 'x' x 201],
    ['bytes that are no text', qr/not UTF-8/, "--support=\xff\xfe"],
    ['a good value with a bad one', qr/six hexadecimal/, '--name=Other',
     '--colour=x'],
    ['nothing', qr/nothing to set/],
) {
    my ($what, $why, @options) = @$case;

    like(refused('merchant', 'set', $id, @options), $why,
         "$what: refused, with the reason");
}

is(admin('merchant', 'show', $id), $before,
   'a refused change changes nothing');
like(refused('merchant', 'set', 'Nobody', '--colour='),
     qr/no merchant "Nobody"/,
     'a merchant that does not exist cannot be changed');
like(refused('merchant', 'show', 999999), qr/no merchant "999999"/,
     'a merchant that does not exist cannot be shown');

# The messages of a payment are listed.

my $payment = 81985529216486895;

admin_reads("33600000001,900\n", 'subscriber', 'add', 'demo_fr', '-', 1);
my $line = value('select max(id) from pseudonym where merchant_id = 1');

is(value("select result from payment_create(array[?::bigint], '{1}', '{f}',"
    . " array[md5('a')::uuid], array[md5('b')::uuid], '{499}', '{EUR}',"
    . " '{Coins}', '{null}', '{null}', '{null}', array[?::bigint],"
    . " '{4000000000000}', '{fr}', array['\\xee'::bytea])",
    $payment, $line), 'processing', 'a payment is made');
is(messages(public($payment)),
   "message  at  channel  kind  state  provider  parts  price\n",
   'a payment without messages lists none');
is(value("select result from payment_finish(array[?::bigint],"
    . " '{succeeded}', '{null}', '{null}', '{1001}', '{1002}',"
    . ' array[?::bigint])', $payment, $payment), 'applied',
   'the payment succeeds, with receipts');
like(messages(public($payment)), qr/\Amessage\ .*\n
    msg_00000000000z9\ \ \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z
        \ +sms\ +receipt\ +queued\ +-\ +-\ +-\n
    msg_00000000000za\ +\S+\ +mail\ +receipt\ +queued\ +-\ +-\ +-\n\z/x,
    'the receipts are listed');

value('select count(*) from message_claim(10, 60000, 7)');
value("select count(*) from message_done('{1001,1002}', '{7,7}',"
    . " '{accepted,unknown}', '{kannel,smtp}', '{their-ref,null}',"
    . " '{2,null}', '{70000,null}', '{EUR,null}')");
value("select message_report(1001, 'delivered', '0')");
my $list = messages(public($payment));

like($list, qr/\ sms\ +receipt\ +delivered\ +kannel\ +2\ +0\.07\ EUR\n
     .*\ mail\ +receipt\ +unknown\ +smtp\ +-\ +-\n\z/sx,
     'the list has what became of the receipts, and the price');
unlike($list, qr/336|their-ref|\\x|\bee\b/,
       'the list has no number and no address');
like(refused('message', 'list', '--payment=' . public($payment + 1)),
     qr/no payment "pay_/,
     'messages of a payment that does not exist are refused');
like(refused('message', 'list', "--payment=$_"), qr/is not a payment/,
     "messages of \"$_\" are refused: it is not a payment")
    for 'sub_0000000000001', 'pay_1';
like(refused('message', 'list'), qr/--payment is missing/,
     'a list without a payment is refused');

# VAT rates and price points follow each other.

admin(qw(vat add DE voice --rate=1900 --from=2025-01-01));
admin(qw(vat add DE voice --rate=2100 --from=2027-01-01));
admin(qw(vat add DE voice --rate=2000 --from=2027-01-01));
is_deeply([map { [@$_{qw(category from rate)}] }
               grep { $_->{country} eq 'DE' } @{json('vat', 'list')}],
          [['voice', '2025-01-01', 1900], ['voice', '2027-01-01', 2100],
           ['voice', '2027-01-01', 2000]],
          'VAT rates are listed in their order');
admin(qw(vat add DE voice --rate=1900 --from=2025-01-01 --if-missing));
is(scalar(grep { $_->{country} eq 'DE' } @{json('vat', 'list')}), 3,
   'a rate that is there is not added again');
admin(qw(vat add DE tickets --rate=700));
is(value("select count(*) from vat_rate_at('DE', 't', now_ms())"), 1,
   'without --from a rate is in force at once');

admin(qw(price add demo_cm --lowest=100 --highest=5000 --step=50
         --from=2027-01-01));
admin('price', 'add', 'demo_cm', '--amounts=500,100,250', '--from=2025-01-01');
admin(qw(price add demo_cm --any --from=2026-01-01));
admin(qw(price add demo_cm --any --from=2026-01-01 --if-missing));
admin(qw(price add demo_cm --lowest=100 --highest=5000 --step=50
         --from=2027-01-01 --if-missing));
is_deeply([map { [@$_{qw(from amounts lowest highest step currency)}] }
               @{json('price', 'list', 'demo_cm')}],
          [['2025-01-01', '100,250,500', undef, undef, undef, 'XAF'],
           ['2026-01-01', 'any', undef, undef, undef, 'XAF'],
           ['2027-01-01', undef, 100, 5000, 50, 'XAF']],
          'price points are listed in their order, each once');

admin('operator', 'set', 'demo_cm', '--refuses=tickets,charity,tickets');
is((grep { $_->{code} eq 'demo_cm' } @{json('operator', 'list')})[0]{refuses},
   'charity,tickets', 'an operator refuses categories');
admin(qw(operator set demo_cm --refuses=));
is((grep { $_->{code} eq 'demo_cm' } @{json('operator', 'list')})[0]{refuses},
   '', 'and takes them again');

# The terms of a contract end, and others follow.

my ($first) = map { $_->{id} } grep { $_->{operator} eq 'demo_fr' }
                               @{json('contract', 'list', 1)};

admin('contract', 'end', $first, '--to=2027-01-01');
my $next = admin(qw(contract add 1 demo_fr --share=1000 --fee=100
                    --tier=100000:800:50:0 --tier=20000:900:80:1
                    --from=2027-01-01)) =~ s/\s+$//r;

is_deeply([map { [@$_{qw(id from to share tiers)}] }
               grep { $_->{operator} eq 'demo_fr' }
               @{json('contract', 'list', 1)}],
          [[$first, '2025-01-01', '2027-01-01', 3000, undef],
           [$next, '2027-01-01', undef, 1000,
            '20000:900:80:1 100000:800:50:0']],
          'a contract is ended, and the next one begins on that day');
is(json('contract', 'month', $next, '2027-01')->[0]{payable}, 0,
   'a month in which nothing was sold changes nothing');

# A payment is looked at, without the shopper's number.

my ($shown) = @{json('payment', 'show', public($payment))};

is($shown->{payment}, public($payment), 'a payment is shown by its public id');
is_deeply([@$shown{qw(state amount currency description line mode posted)}],
          ['succeeded', 499, 'EUR', 'Coins', '******01', 'test',
           JSON::PP::true], 'a payment shows what is known of it');
is_deeply([@$shown{qw(operator_share tax fee net category)}],
          [125, 83, 30, 261, 'digital_content'],
          'a payment shows what each side has of it');
is($shown->{later_charges}, undef, 'and that it allows no later charges');
is_deeply([@$shown{qw(capture amount_captured amount_refunded)}],
          ['automatic', 499, 0], 'a payment shows what was taken of it');
like($shown->{events}, qr/^payment\.\S+ \d{4}-/, 'a payment shows its events');
is(json('payment', 'show', $payment)->[0]{payment}, public($payment),
   'a payment is shown by its number in the tables');
unlike(admin('payment', 'show', public($payment)), qr/600000001/,
       'a payment is shown without the number');
like(refused('payment', 'show', public($payment + 1)), qr/no payment "pay_/,
     'a payment that does not exist cannot be shown');
like(refused('payment', 'show', 'order-1'), qr/payment list --reference/,
     'a reference of a merchant is refused, and where it is taken is said');

value("update payment set reference = 'order-7' where id = ? returning 1",
      $payment);
is_deeply([map { $_->{payment} } @{json('payment', 'list', @$_)}],
          [public($payment)], "payments are listed with \"@$_\"")
    for ['--reference=order-7'], ['--merchant=1', '--state=succeeded'],
        ['--reference=order-7', '--merchant=Demo shop'];
is_deeply(json('payment', 'list', @$_), [], "no payment with \"@$_\"")
    for ['--reference=order-8'], ['--state=failed'], ["--merchant=$id"];
is_deeply([map { $_->{payment} }
               @{json_reads("+33600000001\n", 'payment', 'list', '--number')}],
          [public($payment)], 'payments are listed by the number');
is_deeply(json_reads("33600000002\n", 'payment', 'list', '--number'), [],
          'another number has no payments');
like(refused('payment', 'list', '33600000001'),
     qr/^carrierpay-admin: "payment list" takes no argument: see .*\n\z/,
     'a number is no argument');
like(refused('payment', 'list', '--state=paid'), qr/not one of pending, /,
     'an unknown state is refused, with those that there are');

# Numbers and keys come from standard input alone.

for my $command (['subscriber', 'add', 'demo_fr', '33600000001', 1],
                 ['subscriber', 'block', '33600000001'],
                 ['subscriber', 'unblock', '33600000001'],
                 ['subscriber', 'limit', '33600000001'],
                 ['key', 'disable', 'sk_test_' . 'x' x 43]) {
    my $said = refused(@$command);

    like($said, qr/standard input: write "-"|standard input, write "-"/,
         "@$command[0, 1]: a secret as an argument is refused");
    unlike($said, qr/336|xxx/,
           "@$command[0, 1]: the refusal does not repeat the secret");
}

for my $line ('33600000220', '33600000220 900', '33600000220,',
              '33600000220,0', '33600000220,9.5', '33 60 00 00 220',
              '33600000220,900,1')
{
    my $said = refused_reads("$line\n", 'subscriber', 'add', 'demo_fr', '-',
                             1);

    like($said, qr/line 1: after the number goes a comma and what its holder/,
         "a line that says no amount a month is refused: \"$line\"");
    unlike($said, qr/220/, 'and not repeated');
}

like(refused_reads("33600000220,900\n0600000220,900\n", 'subscriber', 'add',
                   'demo_fr', '-', 1), qr/line 2: not a number: /,
     'a line without a number is named');

is(admin_reads("33600000001\n", 'subscriber', 'block', '-'),
   "1 of 1 changed\n", 'a number is blocked');

for my $spelling ("\xef\xbb\xbf33600000001\n", "+33\xc2\xa06\xe2\x80\xaf00"
                  . " 00-00.01\n", "0033600000001\r\n",
                  "\xe2\x80\xaa+33 600000001\xe2\x80\xac\n",
                  "33\xef\xbc\x9600000001\n")
{
    is(admin_reads($spelling, 'subscriber', 'block', '-'),
       "0 of 1 changed\n", 'the same number in another spelling is blocked');
}

# What lines may spend.

is(admin_reads("33600000009\n", 'subscriber', 'limit', '-', '--day=500',
               '--month=2000'), '', 'a subscriber sets limits');
is(value('select max_day || \' \' || max_month from spend where live'
         . ' and max_day is not null'), '500 2000', 'they are kept');
is(admin('limit', 'set', 1, 'demo_fr', '--week=900'), '',
   'a merchant sets a limit');
is_deeply([grep { $_->{set_by} eq 'hand' } @{json('limit', 'list')}],
          [{ operator => 'demo_fr', merchant => '1', transaction => undef,
             day => undef, week => 900, month => undef, time_zone => undef,
             set_by => 'hand' }], 'it is listed');
is(admin('limit', 'set', 1, 'demo_fr'), '', 'and takes it back');
is_deeply([grep { $_->{set_by} eq 'hand' } @{json('limit', 'list')}], [],
          'it is gone');
like(refused('limit', 'set', 1, 'none', '--day=1'), qr/no operator "none"/,
     'a limit with an operator that does not exist is refused');
like(refused('limit', 'set', 1, 'demo_fr', '--day=0'), qr/--day is no amount/,
     'a limit of nothing is refused');

my $key = admin('key', 'add', 1);

is(admin_reads($key, 'key', 'disable', '-'), '', 'a key is disabled');
isnt(json('key', 'list', 1)->[-1]{disabled}, undef,
     'a key that was disabled is listed so');

# Webhooks that wait or were given up, and their way back.

my $endpoint = value('select id from endpoint where merchant_id = 1');

is_deeply([map { @$_{qw(payment endpoint state)} }
               @{json('outbox', 'list')}],
          [public($payment), $endpoint, 'waiting'],
          'a webhook that waits is listed');
value('with gone as (delete from outbox returning *) insert into outbox_dead'
      . ' (payment_id, endpoint_id, attempts, seq, died_at) select payment_id,'
      . ' endpoint_id, 10, seq, due_at from gone returning 1');
is(json('outbox', 'list', "--endpoint=$endpoint")->[0]{state}, 'given up',
   'a webhook that was given up is listed');
is(json('endpoint', 'list', 1)->[0]{given_up}, 1,
   'the endpoint shows that one was given up');
is(admin('outbox', 'redeliver', '--payment=' . public($payment)),
   "1 to be delivered now\n", 'a webhook that was given up is tried again');
is_deeply([map { @$_{qw(state attempts)} } @{json('outbox', 'list')}],
          ['waiting', 0], 'it waits as on the first day');
like(refused('outbox', 'redeliver'),
     qr/--payment, --payout or --endpoint is missing/,
     'all webhooks at once are not delivered again');

# A mistake is one line, which says what is wrong and where to look.

for my $case (
    [qr/no command: see carrierpay-admin help$/],
    [qr/no command "merchnat list": see carrierpay-admin help$/, 'merchnat',
     'list'],
    [qr/no command "merchant lits": see carrierpay-admin help merchant$/,
     'merchant', 'lits'],
    [qr/"merchant" alone is no command: see carrierpay-admin help merchant$/,
     'merchant'],
    [qr/"merchant add" takes NAME: see carrierpay-admin help merchant$/,
     'merchant', 'add'],
    [qr/"operator list" takes no argument: see /, 'operator', 'list', 'x'],
    [qr/"merchant list" takes no --live: see /, 'merchant', 'list', '--live'],
    [qr/unknown option: colour-x: see /, 'merchant', 'list', '--colour-x'],
    [qr/--share is missing: see carrierpay-admin help contract$/, 'contract',
     'add', 1, 'demo_fr'],
    [qr/there is such an operator already$/, 'operator', 'add', 'demo_fr',
     'Again', 'FR', 'EUR'],
    [qr/a country is two capital letters, as "FR"$/, 'operator', 'add', 'x',
     'X', 'France', 'EUR'],
    [qr/a currency is a code of ISO 4217, as "EUR"$/, 'operator', 'add', 'x',
     'X', 'FR', 'euro'],
    [qr/a currency is a code of ISO 4217, as "EUR"$/, 'operator', 'add', 'x',
     'X', 'FR', 'XYZ'],
    [qr/no category "books": digital_content, voice, charity, tickets or/,
     'merchant', 'set', $id, '--category=books'],
    [qr/no category "books": /, 'operator', 'set', 'demo_fr',
     '--refuses=voice,books'],
    [qr/no operator "none": see "operator list"$/, 'operator', 'set', 'none',
     '--refuses='],
    [qr/--refuses is missing: see carrierpay-admin help operator$/,
     'operator', 'set', 'demo_fr'],
    [qr/a country is two capital letters, as "FR"$/, 'vat', 'add', 'fr',
     'voice', '--rate=2000'],
    [qr/no category "books": /, 'vat', 'add', 'FR', 'books', '--rate=2000'],
    [qr/--rate is not 0 to 10000$/, 'vat', 'add', 'FR', 'voice',
     '--rate=10001'],
    [qr/--rate is missing: see carrierpay-admin help vat$/, 'vat', 'add', 'FR',
     'voice'],
    [qr/no operator "none": see "operator list"$/, 'price', 'list', 'none'],
    [qr/--limit is not a positive number$/, 'refund', 'list', '--limit=0'],
    [qr/no payment "1"$/, 'refund', 'list', '--payment=1'],
    [qr/--limit is not a positive number$/, 'outbox', 'list', '--limit=0'],
    [qr/no operator "none": see "operator list"$/, 'price', 'add', 'none',
     '--any'],
    [qr/one of --amounts, of --lowest, .*: see carrierpay-admin help price$/,
     'price', 'add', 'demo_fr'],
    [qr/one of --amounts, of --lowest, /, 'price', 'add', 'demo_fr',
     '--amounts=1', '--any'],
    [qr/one of --amounts, of --lowest, /, 'price', 'add', 'demo_fr',
     '--lowest=1', '--highest=2'],
    [qr/--amounts="1.99": not numbers with commas between$/, 'price', 'add',
     'demo_fr', '--amounts=1.99'],
    [qr/--amounts: 1 to 500 amounts from 1 on, each once$/, 'price', 'add',
     'demo_fr', '--amounts=1,2,1'],
    [qr/--lowest is above --highest, or one of them or --step is out/,
     'price', 'add', 'demo_fr', qw(--lowest=2 --highest=1 --step=1)],
    [qr/no VAT rate for what the merchant sells .*: see "vat list"$/,
     'contract', 'add', $id, 'demo_cm', qw(--share=0 --fee=0)],
    [qr/an operator's code is 1 to 32/, 'operator', 'add', 'X Y', 'X', 'FR',
     'EUR'],
    [qr/no operator "none": see "operator list"$/, 'contract', 'add', 1,
     'none', qw(--share=0 --fee=0)],
    [qr/--share is not 0 to 10000$/, 'contract', 'add', $id, 'demo_fr',
     qw(--share=10001 --fee=0)],
    [qr/or a tier, leave the merchant nothing of any amount$/, 'contract',
     'add', $id, 'demo_fr', qw(--share=8000 --fee=9000)],
    [qr/--tier="5:1": not VOLUME:SHARE:FEE:FEE-FIXED$/, 'contract', 'add', 1,
     'demo_fr', qw(--share=0 --fee=0 --tier=5:1)],
    [qr/--tier: volumes from 1 on, each once, /, 'contract', 'add', 1,
     'demo_fr', qw(--share=0 --fee=0 --tier=5:1:1:1 --tier=5:2:2:2)],
    [qr/"2027-13" is not a month: YYYY-MM$/, qw(contract month 1 2027-13)],
    [qr/"77" is not an id of "contract list"$/, qw(contract month 77 2027-01)],
    [qr/for a part of the time: see "contract list"$/, 'contract', 'add', 1,
     'demo_fr', qw(--share=0 --fee=0)],
    [qr/--to is not after the day from which the contract is in force$/,
     'contract', 'add', $id, 'demo_fr',
     qw(--share=0 --fee=0 --from=2026-02-01 --to=2026-01-01)],
    [qr/--to is missing: see carrierpay-admin help contract$/, 'contract',
     'end', 1],
    [qr/"77" is not an id of "contract list"$/, 'contract', 'end', 77,
     '--to=2026-01-01'],
    [qr/"x" is not an id of "contract list"$/, 'contract', 'end', 'x',
     '--to=2026-01-01'],
    [qr/there is no 2026-02-30$/, 'contract', 'end', 1, '--to=2026-02-30'],
    [qr/a merchant has a name$/, 'merchant', 'add', ''],
    [qr/no merchant "77": see "merchant list"$/, 'endpoint', 'add', 77,
     'https://a.example/'],
    [qr/"x" is not an id of "endpoint list"$/, 'endpoint', 'enable', 'x'],
    [qr/--locale="de": not one of en, fr$/, 'merchant', 'add', 'X',
     '--locale=de'],
    [qr/--reference is missing: /, qw(payout add 1 demo_fr 1 EUR -)],
    [qr/the number is read from standard input: write "-"$/,
     qw(payout add 1 demo_fr 1 EUR 33600000001 --reference=x)],
    [qr/"1.50" is not an amount in minor units$/,
     qw(payout add 1 demo_fr 1.50 EUR - --reference=x)],
    [qr/"pay_1" is not a payout: out_\.\.\.$/, qw(payout show pay_1)],
    [qr/no payout "out_0000000000001"$/, qw(payout cancel out_0000000000001)],
    [qr/--state="paid": not one of queued, /, qw(payout list --state=paid)],
) {
    my ($why, @arguments) = @$case;
    my ($said, $status) = run('', @arguments);

    like($said, qr/\Acarrierpay-admin: [^\n]+\n\z/,
         "\"@arguments\": one line");
    like($said, $why, "\"@arguments\": what is wrong");
    isnt($status, 0, "\"@arguments\" fails");
}

like(admin('help', 'payment'), qr/\n  payment show PAYMENT\n/,
     'help on a noun has its commands');
like(admin('help', 'contract') =~ s/\s+/ /gr,
     qr/without --from the contract holds from the .* \(1970-01-01\)/,
     'help on contracts says from when on they hold');
unlike(admin('help', 'payment'), qr/merchant set/,
       'help on a noun has no other commands');

# Every constraint that a command can break has words, and the languages are
# those of the service.

is_deeply([sort map { @$_ } @{$dbh->selectall_arrayref(q{
    select conname from pg_constraint
     where conrelid in ('operator'::regclass, 'merchant'::regclass,
                        'contract'::regclass, 'api_key'::regclass,
                        'endpoint'::regclass, 'vat_rate'::regclass,
                        'price_list'::regclass, 'posting'::regclass,
                        'settlement_party'::regclass,
                        'settlement_terms'::regclass,
                        'recon_mapping'::regclass, 'cdr_template'::regclass)
       and conname not similar to '(merchant|contract|endpoint|vat_rate'
           '|price_list|posting|settlement_party|settlement_terms'
           '|recon_mapping|cdr_template)_pkey'
       and conname !~ '_account_fkey$'
       and conname not in ('operator_code_currency_live_key',
                           'api_key_hash_check', 'posting_balanced',
                           'posting_kind_check', 'posting_merchant_id_fkey',
                           'settlement_party_check',
                           'settlement_party_operator_fkey',
                           'settlement_terms_party_id_fkey',
                           'settlement_terms_period_check')
       and conname !~ '^settlement_party_.*_key$'
    union all values ('contract_taxed'), ('posting_adjustment'),
                     ('remittance_early'), ('remittance_late'),
                     ('settlement_terms_operator'),
                     ('settlement_terms_paid_out'),
                     ('settlement_terms_settled'),
                     ('settlement_terms_time_zone'),
                     ('chargeback_reference'),
                     ('chargeback_reference_check'),
                     ('cdr_file_overlaps'),
                     ('recon_diff_owner_check'), ('recon_note_author_check'),
                     ('recon_note_why_check')})}],
    [sort keys %Carrierpay::Admin::Database::REFUSALS],
    'every constraint that a command can break has words');
is_deeply([map { m{_language_([a-z]+)\.c$} }
               sort(glob(root() . '/ngx_carrierpay/core/language/'
                         . 'ngx_carrierpay_language_*.c'))],
          \@Carrierpay::Admin::Merchant::LANGUAGES,
          'the languages are those of the service');

$dbh->disconnect();
done_testing();

END {
    my $status = $?;

    service('stop_postgres', "$dir/postgres") if $dir;
    remove_tree($dir) if $dir && Test::More->builder->is_passing();
    $? = $status;
}


sub admin { return admin_reads('', @_) }

# The first argument is what the tool reads from standard input.

sub admin_reads {
    my ($input, @arguments) = @_;
    my ($output, $status) = run($input, @arguments);

    is($status, 0, "$arguments[0] " . ($arguments[1] // '') . ' succeeds')
        or diag($output);

    return $output;
}

sub json { return json_reads('', @_) }

sub json_reads {
    my ($input, @arguments) = @_;

    return JSON::PP->new->utf8->decode(admin_reads($input, @arguments,
                                                   '--json'));
}

sub refused { return refused_reads('', @_) }

sub refused_reads {
    my ($input, @arguments) = @_;
    my ($output, $status) = run($input, @arguments);

    isnt($status, 0, "$arguments[0] $arguments[1] is refused");

    return $output;
}

# What a command prints, errors included, and its status.

sub run {
    my ($input, @arguments) = @_;

    write_file("$dir/input", $input);

    my $pid = open(my $pipe, '-|') // die "fork: $!\n";

    if ($pid == 0) {
        open(STDERR, '>&', \*STDOUT);
        open(STDIN, '<', "$dir/input") or die "$dir/input: $!\n";
        exec($admin, "--dsn=$dsn", "--secrets=$dir/secrets", @arguments)
            or die "$admin: $!\n";
    }

    my $output = do { local $/; <$pipe> } // '';
    close($pipe);

    return ($output, $?);
}

sub messages { return admin('message', 'list', "--payment=$_[0]") }

sub value { return scalar($dbh->selectrow_array($_[0], undef, @_[1 .. $#_])) }

sub public {
    my ($number) = @_;
    my @digits = split(//, '0123456789abcdefghjkmnpqrstvwxyz');

    return 'pay_' . join('', map { $digits[$number >> 5 * $_ & 31] }
                                 reverse 0 .. 12);
}
