#!/usr/bin/perl

# A worker dies while it sends a payout. Another one finds out what became of
# it: the operator pays once, and the merchant's money is where it should be.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::Test;
use Carrierpay::Test::Crash qw(crash_at);
use JSON::PP;
use Test::More;

my $t = Carrierpay::Test->start(operator => 'timeout 3s; settle 6s;');
my @table;

sub points {
    my ($flow, @rows) = @_;

    return map { ("$flow.$_:before", "$flow.$_:after") } @rows;
}

sub add {
    my ($number, $reference) = @_;

    return $t->admin_reads("$number\n", 'payout', 'add', 1, 'demo_fr', 10,
                           'EUR', '-', "--reference=$reference");
}

sub show {
    my ($id) = @_;

    return decode_json($t->admin('payout', 'show', $id, '--json'))->[0];
}

# It has ended: how often the operator has paid, what was posted, and that the
# merchant is told.

sub once {
    my ($point, $id) = @_;

    $t->wait_ok(sub {
        $t->due_now();
        return show($id)->{state} eq 'succeeded';
    }, "$point: another worker brings it to its end");
    $t->wait_ok(sub { $t->due_now(); scalar($t->webhooks($id)) },
                "$point: the merchant is told");

    my $paid = grep { $_->{what} eq 'paid' } $t->operator_log($id);
    my $posted = join(' ', map { $_->[0] } $t->sql(
        'select carrierpay.posting_kind_name(o.kind)'
        . ' from carrierpay.posting o join carrierpay.payout p'
        . ' on o.reference = p.reference where p.id = ? order by o.id',
        Carrierpay::Test::private_id($id)));

    is($paid, 1, "$point: the operator has paid it once");
    is($posted, 'payout payout_paid', "$point: it is posted once");
    push(@table, [$point, $paid, $posted]);
}

$t->pay('33600000001') for 1, 2;

for my $point (points('payout', qw(begin operator finish))) {
    my $id;

    crash_at($t, $point, sub { $id = add('33600000001', $point) });
    once($point, $id);
}

for my $point (points('payout_recover', qw(operator finish))) {
    my $id = add('33600000028', $point);

    $t->wait_ok(sub { show($id)->{outcome_unknown} },
                "$point: the operator did not answer");
    crash_at($t, $point, sub { $t->due_now() });
    once($point, $id);
}

diag(sprintf('%-32s %4s %s', qw(point paid posted)));
diag(sprintf('%-32s %4s %s', @$_)) for @table;
