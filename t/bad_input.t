#!/usr/bin/perl

# Bad input: a problem that says what and where, nothing stored, nothing
# charged.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use JSON::PP ();
use Test::More;

my $t = Carrierpay::Test->start();
my $good = '"amount":499,"currency":"EUR","description":"Coins"';

# A problem in the form of RFC 9457.

sub is_problem {
    my ($answer, $name, $status, $code, $param) = @_;
    my $problem = $answer->{json} // {};

    is($answer->{status}, $status, "$name: $status");
    like($answer->{header}{'content-type'}, qr{^application/problem\+json},
         "$name: the answer is a problem");
    is($problem->{status}, $status, "$name: the problem repeats the status");
    is($problem->{code}, $code, "$name: the code is $code");
    is($problem->{param}, $param,
       "$name: the parameter is named") if defined($param);
    ok(length($problem->{title} // ''), "$name: the problem has a title");
    like($problem->{request_id}, qr/^\w{8,}$/,
         "$name: the problem has the id of the request");
}

# Bodies that are refused.

for my $case (
    ['not JSON', '{"amount":', 400, 'invalid_json'],
    ['empty', '', 400, 'invalid_json'],
    ['an array', '[]', 400, 'invalid_json'],
    ['two documents', "{$good}{}", 400, 'invalid_json'],
    ['a key twice', "{$good,\"amount\":1}", 400, 'invalid_json'],
    ['invalid UTF-8', "{$good,\"reference\":\"\xff\"}", 400, 'invalid_json'],
    ['too deep', "{$good,\"metadata\":" . '[' x 3000 . ']' x 3000 . '}',
     400, 'invalid_json'],
    ['an unknown field', "{$good,\"colour\":\"red\"}", 400,
     'unknown_parameter', 'colour'],
    ['no amount', '{"currency":"EUR","description":"Coins"}', 400,
     'missing_parameter', 'amount'],
    ['no currency', '{"amount":499,"description":"Coins"}', 400,
     'missing_parameter', 'currency'],
    ['no description', '{"amount":499,"currency":"EUR"}', 400,
     'missing_parameter', 'description'],
    ['a float', '{"amount":4.99,"currency":"EUR","description":"C"}', 400,
     'invalid_amount', 'amount'],
    ['a whole float', '{"amount":499.0,"currency":"EUR","description":"C"}',
     400, 'invalid_amount', 'amount'],
    ['an exponent', '{"amount":4e2,"currency":"EUR","description":"C"}', 400,
     'invalid_amount', 'amount'],
    ['zero', '{"amount":0,"currency":"EUR","description":"C"}', 400,
     'invalid_amount', 'amount'],
    ['negative', '{"amount":-499,"currency":"EUR","description":"C"}', 400,
     'invalid_amount', 'amount'],
    ['oversized', '{"amount":9007199254740993,"currency":"EUR",'
     . '"description":"C"}', 400, 'invalid_amount', 'amount'],
    ['above int64', '{"amount":9223372036854775808,"currency":"EUR",'
     . '"description":"C"}', 400, 'invalid_amount', 'amount'],
    ['an unknown currency', '{"amount":499,"currency":"EUX",'
     . '"description":"C"}', 400, 'invalid_currency', 'currency'],
    ['a currency in lower case', '{"amount":499,"currency":"eur",'
     . '"description":"C"}', 400, 'invalid_currency', 'currency'],
    ['an empty description', '{"amount":499,"currency":"EUR",'
     . '"description":""}', 400, 'invalid_parameter', 'description'],
    ['a long description', '{"amount":499,"currency":"EUR","description":"'
     . 'x' x 201 . '"}', 400, 'invalid_parameter', 'description'],
    ['an invisible description', '{"amount":499,"currency":"EUR",'
     . '"description":"\u3164"}', 400, 'invalid_parameter', 'description'],
    ['a description that turns the text', '{"amount":499,"currency":"EUR",'
     . '"description":"coins\u202e 99.0 rof"}', 400, 'invalid_parameter',
     'description'],
    ['a description of two lines', '{"amount":499,"currency":"EUR",'
     . '"description":"a\u2028b"}', 400, 'invalid_parameter', 'description'],
    ['a C1 control', '{"amount":499,"currency":"EUR",'
     . '"description":"a\u009b31m"}', 400, 'invalid_parameter',
     'description'],
    ['metadata that turns the text', "{$good,\"metadata\":"
     . '{"a":"\u202e"}}', 400, 'invalid_parameter', 'metadata.a'],
    ['a NUL', '{"amount":499,"currency":"EUR","description":"a\u0000b"}', 400,
     'invalid_parameter', 'description'],
    ['a script as return_url',
     "{$good,\"return_url\":\"javascript:alert(1)\"}", 400,
     'invalid_parameter', 'return_url'],
    ['metadata that is no object', "{$good,\"metadata\":[1]}", 400,
     'invalid_parameter', 'metadata'],
    ['metadata with an object in it', "{$good,\"metadata\":{\"a\":\"b\","
     . '"basket":{}}}', 400, 'invalid_parameter', 'metadata.basket'],
    ['metadata with a NUL', "{$good,\"metadata\":{\"a\":\"b\\u0000\"}}", 400,
     'invalid_parameter', 'metadata.a'],
    ['a locale that is a sentence', "{$good,\"locale\":\"" . 'x' x 36 . '"}',
     400, 'invalid_parameter', 'locale'],
    ['user info in return_url', "{$good,\"return_url\":"
     . '"https://a:b@shop.example/"}', 400, 'invalid_parameter',
     'return_url'],
    ['confirm without subscriber', "{$good,\"confirm\":true}", 400,
     'missing_parameter', 'subscriber'],
    ['a subscriber that is none', "{$good,\"confirm\":true,"
     . '"subscriber":"sub_x"}', 400, 'invalid_parameter', 'subscriber'],
    (map { ["no such subscriber, $_", "{$good,\"confirm\":true,"
            . "\"subscriber\":\"$_\"}", 422, 'subscriber_unknown',
            'subscriber'] }
         'sub_0000000000000', 'sub_0000000000001', 'sub_7zzzzzzzzzzzz'),
) {
    my ($name, $body, @expected) = @$case;

    is_problem($t->api(POST => '/v1/payments', $body), $name, @expected);
}

is_problem($t->api(POST => '/v1/payments',
                   "{$good,\"reference\":\"" . 'x' x 70000 . '"}'),
           'a body over the limit', 413, 'body_too_large');
is_problem($t->api(POST => '/v1/payments', "{$good}",
                   headers => ['Content-Type: text/plain']),
           'not said to be JSON', 415, 'unsupported_media_type');

# Keys that are refused.

for my $case (['no key', undef], ['not a key', 'x'],
              ['no such key', 'sk_test_' . 'A' x 43],
              ['another scheme', undef, 'Authorization: Basic Zm9vOmJhcg=='])
{
    my ($name, $key, @headers) = @$case;
    my $answer = $t->api(POST => '/v1/payments', "{$good}", key => $key,
                         headers => \@headers);

    is_problem($answer, $name, 401, 'unauthorized');
    like($answer->{header}{'www-authenticate'} // '', qr/^Bearer/,
         "$name: the answer says which scheme");
}

# Payments that do not exist.

for my $id ('pay_0000000000000', 'pay_0000000000001', 'pay_x',
            'pay_' . 'z' x 13, 'x' x 300) {
    is_problem($t->api(GET => "/v1/payments/$id"), 'unknown payment', 404,
               'not_found');
}

# Methods and paths that do not exist.

is_problem($t->api(GET => '/v1/nothing'), 'an unknown path', 404, 'not_found');

my $delete = $t->api(DELETE => '/v1/payments');

is_problem($delete, 'an unknown method', 405, 'method_not_allowed');
like($delete->{header}{allow}, qr/POST/,
     'the answer to DELETE says which methods are allowed');

is($t->value('select count(*) from carrierpay.payment'), 0,
   'no refused request has stored a payment');
is(scalar($t->operator_log()), 0, 'no refused request has charged');

# What looks odd and is right.

for my $case (
    ['a byte order mark', "\xef\xbb\xbf{$good}"],
    ['emoji with joiners', '{"amount":499,"currency":"EUR","description":'
     . '"\ud83d\udc68\u200d\ud83d\udc67"}'],
    ['Arabic', '{"amount":499,"currency":"EUR","description":'
     . '"\u0639\u0645\u0644\u0627\u062a"}'],
    ['metadata of an empty text', "{$good,\"metadata\":{\"a\":\"\"}}"],
) {
    my ($name, $body) = @$case;

    is($t->api(POST => '/v1/payments', $body)->{status}, 201,
       "$name: the payment is made");
}

# Another merchant's payment, and a live key, find nothing.

my $payment = $t->create();
my $other = $t->admin(qw(merchant add Other));
my $other_key = $t->admin(qw(key add), $other);
my $live_key = $t->admin(qw(key add), 'Demo shop', '--live');

is_problem($t->api(GET => "/v1/payments/$payment->{id}", undef, key => $_),
           'not his payment', 404, 'not_found') for $other_key, $live_key;
is_problem($t->api(POST => '/v1/payments', "{$good}", key => $other_key),
           'a merchant without a contract', 422, 'no_contract', 'currency');

# Pages show what merchants wrote as text.

my $evil = $t->create(description => '<script>alert("x")</script> & \'co\'');
my $page = $t->checkout($evil);

unlike($page->{body}, qr/<script>alert/,
       'a description with markup is no markup on the page');
like($page->{body}, qr/&lt;script&gt;/,
     'a description with markup is shown as it was written');
