package Carrierpay::Admin::Subscriber;

# Subscribers who have consented, and numbers that pay no more. A number comes
# from standard input: arguments are in the list of processes, and in the
# history of a shell.

use strict;
use warnings;

use Carrierpay::Admin qw(%option fail);
use Carrierpay::Admin::Database qw(database merchant row);
use Carrierpay::Admin::Id qw($BASE32 identifiers private_id public_id);
use Carrierpay::Admin::Keyring qw(digits number_index seal);
use Carrierpay::Admin::Text qw(typed);
use Exporter qw(import);

our @EXPORT_OK = qw(line_index subscriber_add subscriber_block
    subscriber_unblock);

my $BULK = 1000;                       # rows a statement

# For tests and for those who move here with their customers: numbers are
# sealed and indexed as the service does it. Each line has a number and, after
# a comma, how much its holder has agreed to be charged in a month without a
# page.

sub subscriber_add {
    my ($operator, $numbers, $who) = @_;

    fail('numbers are read from standard input: write "-"')
        if $numbers ne '-';

    my $merchant = merchant($who);
    my ($live) = row('select live from operator where code = ?', $operator);

    fail("no operator \"$operator\": see \"operator list\"")
        if !defined $live;

    my $dbh = database();
    my $next = identifiers(
        row(q{select worker_take('carrierpay-admin', 60000), number
                from cell}));
    my @rows;

    $dbh->begin_work;

    while (my $line = <STDIN>) {
        push @rows, subscriber($next, consented($line));

        if (@rows == $BULK) {
            store($operator, $live, $merchant, \@rows);
            @rows = ();
        }
    }

    store($operator, $live, $merchant, \@rows);
    $dbh->commit;

    return 0;
}

sub consented {
    my ($line) = @_;
    my ($number, $amount) = $line =~ /^([^,]*),\s*([0-9]{1,12})\s*$/;

    fail("line $.: after the number goes a comma and what its holder has"
         . ' agreed to be charged in a month without a page, in minor units')
        if !$amount;

    return (digits($number, "line $.: "), $amount);
}

sub subscriber {
    my ($next, $digits, $amount) = @_;

    return [$next->(), $next->(), number_index($digits),
            unpack('H*', seal('msisdn', $digits)), $amount];
}

sub store {
    my ($operator, $live, $merchant, $rows) = @_;
    my @column = map { my $i = $_; [map { $_->[$i] } @$rows] } 0 .. 4;

    my $ids = database()->selectcol_arrayref(q{
        select pseudonym_id
          from subscriber_import(?::int, ?::bool, ?, ?::bigint[], ?::bigint[],
                                 ?::text[], ?::text[], ?::bigint[])
         order by ord},
        undef, $merchant, $live, $operator, @column);

    print map { public_id('sub_', $_) . "\n" } @$ids;
}

# A holder's wish to pay no more needs no proof and holds at once: the worker
# reads what is written here before every charge.

sub subscriber_block {
    my ($who) = @_;

    return blocks($who, 'select block_add(?, ?::int, ?)',
                  $option{source} // 'operations');
}

sub subscriber_unblock { return blocks($_[0], 'select block_remove(?, ?)') }

sub blocks {
    my ($who, $query, @source) = @_;
    my $merchant = defined $option{merchant} ? merchant($option{merchant})
                                             : undef;
    my ($all, $changed) = (0, 0);

    fail('a number is read from standard input: write "-"')
        if $who ne '-' && $who !~ /^sub_/;

    my $dbh = database();

    $dbh->begin_work;

    for my $one ($who eq '-' ? <STDIN> : $who) {
        my ($done) = row($query, line_index($one), $merchant, @source);

        $all++;
        $changed++ if $done;
    }

    $dbh->commit;

    printf "%d of %d changed\n", $changed, $all;

    return 0;
}

# The index of a number, or of the line that a pseudonym stands for.

sub line_index {
    my $who = typed($_[0]);

    return number_index(digits($who))
        if $who !~ /^(sub_[$BASE32]{13})\s*$/;

    my ($index) = row("select encode(s.msisdn_index, 'hex')"
        . ' from pseudonym n join subscriber s on s.id = n.subscriber_id'
        . ' where n.id = ?', private_id($1));

    return $index // fail("no subscriber \"$1\"");
}

1;
