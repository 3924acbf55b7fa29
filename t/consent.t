#!/usr/bin/perl

# What the shopper agreed to: each charge leaves one row, which says what the
# page said, in which words and when, and names the shopper; no role can change
# it.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::HTTP qw(http_receive);
use Encode qw(decode encode);
use JSON::PP ();
use Test::More;
use Time::HiRes qw(time sleep);

binmode($_, ':encoding(UTF-8)') for map { Test::More->builder->$_() }
                                    qw(output failure_output);

my $t = Carrierpay::Test->start(sms => 1);
my @columns = qw(at shown_at merchant_id method locale shown address agent
                 page);

$t->admin('merchant', 'set', 'Demo shop',
          '--name=' . encode('UTF-8', q{L'été & "Cie" <b>}));

# After a tap the page and the row of the consent say the same.

my $text = q{Pièces d'or "3" <script>\\ 😀};
my $payment = $t->create(description => $text, amount => 1234,
                         locale => 'fr');
my $before = time() * 1000;
my $page = page($payment, '33600000071');
my $shown = time() * 1000;

sleep(0.3);                        # so long the page is looked at
tap($page);

my $row = consent($payment);
my $said = JSON::PP->new->utf8->decode(encode('UTF-8', $row->{shown}));
my $html = plain($page->{body});

is($t->payment($payment->{id})->{status}, 'succeeded', 'the tap pays');
is_deeply($said, { merchant => q{L'été & "Cie" <b>}, description => $text,
                   amount => 1234, currency => 'EUR', bill => 'demo_fr',
                   line => '+33******71' },
          'the consent keeps what was shown');

for my $name (qw(merchant description bill line)) {
    like($html, qr/\Q$said->{$name}\E/,
         "$name: the page showed what the consent says");
}

like($html, qr/12,34\s€/, 'the page showed the amount');
is($row->{method}, 'header_enrichment',
   'the consent has the method header_enrichment');
is($row->{locale}, 'fr', 'the consent has the language of the page');
like($page->{body}, qr/<html lang="fr"/, 'the page says its language');
is($row->{address}, '127.0.0.2', 'the consent has the address');
is($row->{agent}, 'carrierpay-test', 'the consent has the user agent');
ok($row->{shown_at} >= $before - 50 && $row->{shown_at} <= $shown + 50,
   'the consent has the time when the page was shown');
cmp_ok($row->{shown_at}, '<', $row->{at}, 'the page was shown before the tap');
cmp_ok($row->{at} - $row->{shown_at}, '>=', 300,
       'the consent has the time of the tap');
is(length($row->{page}), 32, 'the consent has the hash of the page');

# What was shown stays so when the merchant is renamed.

$t->admin('merchant', 'set', encode('UTF-8', q{L'été & "Cie" <b>}),
          '--name=Another');
is(consent($payment)->{shown}, $row->{shown},
   'a merchant who is renamed later does not change the consent');

$payment = $t->create(locale => 'fr');
$page = page($payment, '33600000072');
$t->admin('merchant', 'set', 'Another', '--name=Demo shop');
tap($page);
like(consent($payment)->{shown}, qr/"merchant":"Another"/,
     'a merchant who is renamed between page and tap: the consent has what '
     . 'was shown');

my $hash = consent($payment)->{page};
my $english = $t->create(locale => 'en');

is($hash, $row->{page}, 'the same page has the same hash');
tap(page($english, '33600000072'));
isnt(consent($english)->{page}, $hash,
     'a page in another language has another hash');
is(consent($english)->{locale}, 'en', 'the consent has the other language');

# An MVNO's customer is billed by the MVNO.

$payment = $t->create(locale => 'en');
$page = page($payment, '33700000071');
tap($page);
like(consent($payment)->{shown}, qr/"bill":"Demo Virtuel"/,
     "the consent of an MVNO's customer names the MVNO's bill");
like(plain($page->{body}), qr/Demo Virtuel bill/,
     "the page of an MVNO's customer named the MVNO's bill");

# User agents of any length.

for my $case (
    ['a' x 256, 'a' x 256, '256 bytes'],
    ['a' x 257, 'a' x 256, '257'],
    ['a' x 255 . 'é', 'a' x 255, 'a character over the edge'],
    ['a' x 253 . '€', 'a' x 253 . '€', 'one before it'],
    ['a' x 253 . '😀', 'a' x 253, 'one of four bytes'],
    ["Nokia\xe9", '?', 'no UTF-8', 'bytes'],
    ['a"b\\c', 'a"b\\c', 'quotes'],
) {
    my ($agent, $kept, $what, $bytes) = @$case;

    $agent = encode('UTF-8', $agent) if !$bytes;
    $payment = $t->create();
    tap(page($payment, '33600000073', agent => $agent), agent => $agent);
    is(consent($payment)->{agent}, $kept,
       "$what: the consent keeps the user agent as far as it can");
}

# A PIN is typed on our page.

$payment = $t->create(locale => 'en', amount => 777);
my $form = $t->submit($t->unknown($payment), 'number',
                      { country => 'FR', number => '0600000074' });

sleep(0.3);                        # so long the page is looked at

my $wrong = $t->submit($form, 'pin',
    { pin => sprintf('%06d', ($t->wait_for_pin('33600000074') + 1) % 1e6) });

is(rows($payment), 0, 'a wrong PIN makes no consent');
$t->submit($wrong, 'pin', { pin => $t->wait_for_pin('33600000074') });
$row = consent($payment);
$said = JSON::PP->new->utf8->decode(encode('UTF-8', $row->{shown} // '{}'));

is($t->payment($payment->{id})->{status}, 'succeeded', 'the right PIN pays');
is($row->{method}, 'pin_sms',
   'the consent to a PIN page has the method pin_sms');
is($row->{locale}, 'en', 'the consent to a PIN page has its language');
is_deeply($said, { merchant => 'Demo shop', description => 'Coins',
                   amount => 777, currency => 'EUR', bill => 'demo_fr',
                   line => '+33******74' },
          'the consent to a PIN page keeps what was shown');

my $body = plain($wrong->{body});

for my $name (qw(merchant description bill)) {
    like($body, qr/\Q$said->{$name}\E/,
         "$name: the PIN page showed what the consent says");
}

like($body, qr/\+33\s6\s00\s00\s00\s74/,
     'line: the PIN page showed the number in full where it was typed');

is(length($row->{page}), 32, 'the consent to a PIN page has its hash');
isnt($row->{page}, consent($english)->{page},
     'a PIN page and a page to tap have different hashes');
is($row->{address}, '127.0.0.1', 'the consent to a PIN page has the address');
is($row->{agent}, 'carrierpay-test',
   'the consent to a PIN page has the user agent');
cmp_ok($row->{shown_at}, '<', $row->{at},
       'the PIN page was shown before the PIN came');

# A PIN is typed on a merchant's page, and a known subscriber is charged: we
# have shown nothing.

$payment = $t->create($t->later());
$t->api(POST => "/v1/payments/$payment->{id}/pin",
        { msisdn => '+33600000075' });
$t->api(POST => "/v1/payments/$payment->{id}/confirm",
        { pin => $t->wait_for_pin('33600000075') });
$row = consent($payment);
is($row->{method}, 'pin_sms',
   "the consent on a merchant's page has the method pin_sms");
is_deeply([@$row{qw(shown_at shown address agent page)}], [(undef) x 5],
          "the consent on a merchant's page does not say what was shown");

my $subscriber = $t->payment($payment->{id})->{subscriber};
my $charge = $t->charge_known($subscriber)->{json};

is($charge->{status}, 'succeeded', 'a charge of a known subscriber succeeds');
is_deeply([@{ consent($charge) }{qw(shown_at shown address agent page)}],
          [(undef) x 5],
          'the consent of a known subscriber does not say what was shown');

# Each charge has one row, also after many taps at once.

$payment = $t->create();
$page = page($payment, '33600000076');
http_receive($_) for map { $t->tap_send($page) } 1 .. 20;
is(rows($payment), 1, 'twenty taps at once make one consent');

my $poor = $t->create();
tap(page($poor, '33600000002'));
is($t->payment($poor->{id})->{status}, 'pending',
   'a payment without funds waits');
is(rows($poor), 1, 'an attempt that fails has its consent');
tap(page($poor, '33600000002'));
is(rows($poor), 2, 'and another one has another');
is_deeply([$t->sql('select j.payment_id from carrierpay.journal j'
    . ' join carrierpay.payment p on p.id = j.payment_id'
    . ' left join carrierpay.consent c on c.id = p.consent_id'
    . ' where c.id is null')], [],
          'no money is booked without a consent');

# A consent cannot be changed, not even by the owner of the database.

for my $query ('update carrierpay.consent set shown = null',
               'delete from carrierpay.consent',
               'truncate carrierpay.consent',
               "set session_replication_role = replica;"
               . " delete from carrierpay.consent")
{
    ok(!eval { $t->dbh()->do($query); 1 }, "the database refuses: $query");
    like($@, qr/append-only/, "the consent is append-only: $query");
}

# No number is in the logs.

unlike($t->error_log(), qr/6000000(?:7|02)/, 'the error log has no number');


###############################################################################


sub page {
    my ($order, $number, %option) = @_;
    my $bounce = $t->identify($order, msisdn => $number, %option);

    return $t->follow($bounce, %option);
}

sub tap { my ($page, %option) = @_; return $t->tap($page, %option) }

sub consent {
    my ($order) = @_;
    my ($found) = $t->sql('select ' . join(', ', @columns)
        . ' from carrierpay.consent where payment_id = ?', private($order));
    my %row;

    @row{@columns} = @$found if $found;

    return \%row;
}

sub rows {
    return $t->value('select count(*) from carrierpay.consent'
                     . ' where payment_id = ?', private($_[0]));
}

sub private { return Carrierpay::Test::private_id($_[0]{id}) }

# The text of a page, without its markup.

sub plain {
    my ($text) = @_;

    $text = decode('UTF-8', $text);
    $text =~ s/<[^>]*>//g;
    $text =~ s/&#(\d+);/chr($1)/ge;
    $text =~ s/&#x([0-9a-f]+);/chr(hex($1))/gie;
    $text =~ s/&nbsp;/ /g;
    $text =~ s/&quot;/"/g;
    $text =~ s/&lt;/</g;
    $text =~ s/&gt;/>/g;
    $text =~ s/&amp;/&/g;

    return $text;
}
