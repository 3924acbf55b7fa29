package Carrierpay::Admin::Subscriber;

# Subscribers who have consented, and numbers that pay no more. A number comes
# from standard input: arguments are in the list of processes, and in the
# history of a shell.

use strict;
use warnings;

use Carrierpay::Admin qw(%option fail);
use Carrierpay::Admin::Database qw(cells merchant row);
use Carrierpay::Admin::Id qw($BASE32 identifiers private_id public_id);
use Carrierpay::Admin::Keyring qw(digits number_index seal);
use Carrierpay::Admin::Text qw(typed);
use Exporter qw(import);

our @EXPORT_OK = qw(line subscriber_add subscriber_block subscriber_unblock);

my $BULK = 1000;                       # rows a statement
my $lines;                             # how many cells have them

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

    my @next = map {
        identifiers($_->selectrow_array(
            q{select worker_take('carrierpay-admin', 60000), number
                from cell}))
    } cells();
    my @rows;

    $_->begin_work for cells();

    while (my $line = <STDIN>) {
        push @rows, subscriber(\@next, consented($line));

        if (@rows == $BULK) {
            store($operator, $live, $merchant, \@rows);
            @rows = ();
        }
    }

    store($operator, $live, $merchant, \@rows);
    $_->commit for cells();

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

# Each in the cell of its line, whose ids it has.

sub subscriber {
    my ($next, $digits, $amount) = @_;
    my $index = number_index($digits);
    my $cell = line_cell($index);

    return { cell => $cell, row => [$next->[$cell]->(), $next->[$cell]->(),
             $index, unpack('H*', seal('msisdn', $digits)), $amount] };
}

sub store {
    my ($operator, $live, $merchant, $rows) = @_;

    for my $cell (0 .. cells() - 1) {
        my @here = grep { $_->{cell} == $cell } @$rows;
        my @column = map { my $i = $_; [map { $_->{row}[$i] } @here] } 0 .. 4;
        my $ids = (cells())[$cell]->selectcol_arrayref(q{
            select pseudonym_id
              from subscriber_import(?::int, ?::bool, ?, ?::bigint[],
                                     ?::bigint[], ?::text[], ?::text[],
                                     ?::bigint[])
             order by ord},
            undef, $merchant, $live, $operator, @column);

        $_->{id} = shift(@$ids) for @here;
    }

    print map { public_id('sub_', $_->{id}) . "\n" } @$rows;
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

    $_->begin_work for cells();

    for my $one ($who eq '-' ? <STDIN> : $who) {
        my ($dbh, $index) = line($one);
        my ($done) = $dbh->selectrow_array($query, undef, $index, $merchant,
                                           @source);

        $all++;
        $changed++ if $done;
    }

    $_->commit for cells();

    printf "%d of %d changed\n", $changed, $all;

    return 0;
}

# Where a number lies, or the line that a pseudonym stands for, and its index.

sub line {
    my $who = typed($_[0]);
    my @cells = cells();

    if ($who !~ /^(sub_[$BASE32]{13})\s*$/) {
        my $index = number_index(digits($who));

        return ($cells[line_cell($index)], $index);
    }

    my $id = private_id($1);
    my $dbh = @cells > 1 ? $cells[$id & 31] : $cells[0];
    my ($index) = $dbh
        ? $dbh->selectrow_array("select encode(s.msisdn_index, 'hex')"
              . ' from pseudonym n join subscriber s on s.id = n.subscriber_id'
              . ' where n.id = ?', undef, $id)
        : ();

    return ($dbh, $index // fail("no subscriber \"$1\""));
}

# As the service has it.

sub line_cell {
    my ($index) = @_;

    $lines //= row('select lines from cell');

    return hex(substr($index, 0, 2)) % $lines;
}

1;
