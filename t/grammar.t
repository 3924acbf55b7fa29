#!/usr/bin/perl

# What the standards allow is understood: schemes in any case, blanks, tags of
# languages, URLs without a path, maps as PHP writes them. And keys that do not
# exist cost the database one look a second.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Test::More;

my $t = Carrierpay::Test->start();
my $key = $t->{env}{CARRIERPAY_KEY};
my $good = '"amount":499,"currency":"EUR","description":"Coins"';

sub created { return $t->api(POST => '/v1/payments', "{$good,$_[0]}") }

# Authorization: RFC 9110, section 11.4.

for my $value ("Bearer  $key", "bearer $key", "BEARER   $key ") {
    is($t->api(GET => '/v1/payments/pay_0000000000001', undef, key => undef,
               headers => ["Authorization: $value"])->{status}, 404,
       'Authorization: ' . $value =~ s/\Q$key\E/KEY/r);
}

for my $value ("Bearer$key", "Bearer\t$key", "Bearer $key x",
               "Bearer $key, Bearer $key", "Basic $key")
{
    is($t->api(GET => '/v1/payments/pay_0000000000001', undef, key => undef,
               headers => ["Authorization: $value"])->{status}, 401,
       'no key: ' . $value =~ s/\Q$key\E/KEY/gr);
}

# Content-Type and Idempotency-Key.

for my $type ('Application/JSON', 'application/json;charset=utf-8',
              "application/json\t; charset=utf-8")
{
    is($t->api(POST => '/v1/payments', "{$good}",
               headers => ["Content-Type: $type"])->{status}, 201,
       "Content-Type: $type");
}

my $bare = $t->api(POST => '/v1/payments', "{$good}", idempotency => 'same');
my $quoted = $t->api(POST => '/v1/payments', "{$good}",
                     idempotency => '"same"');

is($quoted->{json}{id}, $bare->{json}{id}, 'a key in quotes is the same key');

# URLs: RFC 3986.

for my $url ('HTTPS://Shop.Example/done', 'https://shop.example?order=12',
             'https://shop.example', 'https://shop.example:/done')
{
    my $answer = created(qq("return_url":"$url"));

    is($answer->{status}, 201, "return_url: $url");
    is($answer->{json}{return_url}, $url, "return_url is kept: $url");
}

my $asked = $t->unknown(created('"return_url":"https://shop.example?a=1"')
                          ->{json});
my $canceled = $t->follow($t->submit($asked, 'cancel'));

like($canceled->{body},
     qr{href="https://shop\.example\?a=1&amp;payment=\w+&amp;status=canceled"},
     'the way back has the query of the shop and ours');

# carrierpay-admin reads a URL as the service does: what it stores is called.

sub stored {
    my ($url, @options) = @_;

    open(my $stderr, '>&', \*STDERR) or die "stderr: $!\n";
    open(STDERR, '>', '/dev/null') or die "stderr: $!\n";

    my $secret = eval {
        $t->admin(qw(endpoint add), 'Demo shop', $url, @options)
    };

    open(STDERR, '>&', $stderr) or die "stderr: $!\n";

    return $secret ? 1 : 0;
}

for my $url (
    'https://a.example/hook', 'HTTPS://A.example?x=%41', 'http://[::1]:80/',
    'http://127.0.0.1:8090/', 'https://a-b.c1.example:/', 'ftp://a.example/',
    'https:///x', 'https://a:b@c.example/', 'https://a.example/#x',
    'https://a.example/%4', 'https://a_b.example/', 'https://-a.example/',
    'https://a..example/', 'https://a.example./', 'http://2130706433/',
    'http://127.1/', 'http://0x7f.1/', 'http://127.0.0.256/',
    'http://[127.0.0.1]/', 'http://[::1%25lo]/', 'http://[::1/',
    'https://a.example:0/', 'https://a.example:65536/',
    'https://a.example:x/', 'https://a.example/a b', 'https://a.example/{x}',
    'https://' . 'a' x 64 . '.example/',
    'https://a.example/' . 'x' x 2040,
) {
    my $taken = $t->api(POST => '/v1/payments',
                        { %{ $t->order() }, return_url => $url })->{status};

    is(stored($url), $taken == 201 ? 1 : 0,
       'carrierpay-admin and the service agree on ' . substr($url, 0, 40));
}

is(stored('http://a.example/live', '--live'), 0,
   'a live endpoint without TLS is refused');
is(stored('HTTPS://a.example/live', '--live'), 1,
   'a live endpoint with TLS is taken');

# Languages.

for my $case (['fr_FR', 'fr'], ['FR', 'fr'], ['fr-CM', 'fr'],
              ['fr_FR.UTF-8', 'fr'], ['en-GB', 'en'], ['pt', undef],
              ['pt_BR', undef], ['french', undef], ['x', undef])
{
    my ($tag, $language) = @$case;
    my $answer = created(qq("locale":"$tag"));

    is($answer->{status}, 201, "locale $tag is taken");
    is($answer->{json}{locale}, $language,
       "locale $tag is " . ($language // "the browser's"));
}

my $portuguese = created('"locale":"pt_BR"')->{json};

for my $case (['fr', 'fr'], ['fr_FR', 'fr'], ['pt, FR;q=0.5', 'fr'],
              ['en;q=0.5, fr;Q=0.8', 'fr'], ["en;q=0.5,\tfr ; q=0.8", 'fr'],
              ['fr;q=0.5, *', 'en'], ['fr;q=0, en;q=0', 'en'],
              ['fr;q=2', 'en'], ['pt', 'en'])
{
    my ($header, $language) = @$case;

    like($t->unknown($portuguese, headers => ["Accept-Language: $header"])
           ->{body}, qr/<html lang="$language"/,
         "Accept-Language: $header is $language");
}

# Metadata.

for my $case (['[]', {}], ['{}', {}], ['{"a":7}', { a => '7' }],
              ['{"a":4.1,"b":true}', { a => '4.1', b => 'true' }],
              ['{"a":null,"b":"x"}', { b => 'x' }],
              ['{"a":1e3}', { a => '1000.0' }])
{
    my ($json, $expected) = @$case;

    is_deeply(created(qq("metadata":$json))->{json}{metadata}, $expected,
              "metadata $json");
}

# Keys that do not exist: a worker asks the database for one once a second. As
# long as the table is locked, only what a worker remembers can be answered.

my $merchant = $t->value('select merchant_id from carrierpay.api_key limit 1');
my $wrong = $t->admin(qw(key add), 'Demo shop');
my ($hash) = $t->sql('delete from carrierpay.api_key where hash ='
    . ' (select hash from carrierpay.api_key order by created desc limit 1)'
    . ' returning hash');

sub asked {
    my ($path) = @_;

    return $t->api(GET => "/v1/payments/$path", undef, key => $wrong)
             ->{status};
}

is(asked('pay_x'), 401, 'a key that does not exist is refused');

ok($t->wait_for(sub {
    my $dbh = $t->dbh();

    asked('pay_x') for 1 .. 4;
    $dbh->do('begin');
    $dbh->do('lock table carrierpay.api_key in access exclusive mode');

    my $status = asked('pay_x');

    $dbh->do('rollback');
    $dbh->disconnect();

    return $status == 401;
}, 'a worker remembers the key'), 'the second time no database is asked');

$t->sql('insert into carrierpay.api_key (hash, merchant_id, live)'
        . " values (decode(?, 'hex'), ?, false)", unpack('H*', $hash->[0]),
        $merchant);
$t->wait_ok(sub { asked('pay_x') == 404 && asked('pay_x') == 404 },
            'a key that was tried before it was stored works soon');
