package Carrierpay::Admin::RecordFile;

# The files in which operators say what they have charged, paid back and taken
# back: lines of values with a header.  A file is read to its end or refused at
# the first mistake, which is named by its line and column; its value is not
# printed, for it could be a number.

use strict;
use warnings;
use re '/a';                           # a digit is one of ten

use Carrierpay::Admin qw(fail);
use Carrierpay::Admin::Database qw(table);
use Carrierpay::Admin::Id qw($BASE32 private_id);
use Digest::SHA ();
use Encode qw(encode);
use Exporter qw(import);
use Text::CSV_XS ();

our @EXPORT_OK = qw(date_parts file_sha256 open_lines open_records
                    read_reference refuse);

my $ID = qr/[0-7][$BASE32]{12}/;
my $OURS = qr/^(?:ref_$ID|pay_$ID(?:-([1-9]\d{0,3}))?|cbk_$ID-(\d{1,4}))$/;
my $LONGEST = 100;                     # characters of a reference
my $BULK = 1000;                       # rows at once
my $UNEVEN = 2014;                     # Text::CSV_XS: fields, strict

sub file_sha256 {
    my ($file) = @_;
    my $sha = Digest::SHA->new(256);

    eval { $sha->addfile($file, 'b') } or fail("$file: $!");

    return $sha->digest;
}

# The pattern of a date format, whose parts are named, or undef.

sub date_parts {
    my ($format) = @_;
    my %digits = (YYYY => 4, MM => 2, DD => 2, HH24 => 2, MI => 2, SS => 2);
    my %seen;

    my $pattern = join('', map {
        !$digits{$_} ? quotemeta
            : $seen{$_}++ ? return undef : "(?<$_>\\d{$digits{$_}})"
    } split(/(YYYY|MM|DD|HH24|MI|SS)/, $format));

    return undef if grep { !$seen{$_} } qw(YYYY MM DD);
    return undef if $seen{SS} && !$seen{MI} || $seen{MI} && !$seen{HH24};
    return qr/^$pattern$/;
}

# Nothing is loaded of a file with a mistake.

sub refuse {
    my ($file, $line, $column, $why) = @_;

    fail("$file: line $line" . (defined $column ? ", column \"$column\"" : '')
         . ": $why: nothing was loaded");
}

# Opens a file, or standard input, "-", whose header is right. Each reader is
# the name of a column, a function that puts what it has read of a value into
# the row and returns what is wrong, and whether the column may be missing.
# They read a row in this order. Returns a function that gives the next row,
# with its line, or undef at the end.

sub open_lines {
    my ($file, $separator, @readers) = @_;
    my $csv = Text::CSV_XS->new({ binary => 1, strict => 1, decode_utf8 => 0,
                                  sep_char => $separator });
    my $source = $file eq '-' ? \standard_input() : $file;

    open(my $in, '<:raw', $source) or fail("$file: $!");
    read($in, my $mark, 3);
    seek($in, 0, 0) if $mark ne "\xef\xbb\xbf";

    my $header = $csv->getline($in)
        or refuse($file, 1, undef, 'no header');
    my @values = ('') x @$header;
    my @columns = columns($file, $header, @readers);

    $csv->bind_columns(\(@values));

    return sub {
        my %row;

        if (!$csv->getline($in)) {
            check_end($file, $csv);
            return undef;
        }

        $row{line} = $.;

        for my $column (@columns) {
            my ($at, $name, $read) = @$column;
            my $wrong = $read->(\%row, $values[$at]) // next;

            refuse($file, $., $name, $wrong);
        }

        return \%row;
    };
}

# Whole, for a pipe does not go back to its first bytes.

sub standard_input {
    local $/;

    binmode(STDIN, ':raw');

    return <STDIN> // '';
}

sub check_end {
    my ($file, $csv) = @_;
    my ($code, $why) = $csv->error_diag();

    refuse($file, $., undef, $code == $UNEVEN
           ? 'not as many values as the header has' : $why) if !$csv->eof;
}

# Where each column is, its name, and what reads it.

sub columns {
    my ($file, $header, @readers) = @_;
    my @names = @$header;
    my @columns;

    for (@names) {
        utf8::decode($_);
        s/^\s+|\s+$//g;
    }

    for my $reader (@readers) {
        my ($name, $read, $optional) = @$reader;
        my @at = grep { $names[$_] eq $name } 0 .. $#names;

        next if !@at && $optional;
        refuse($file, 1, undef, (@at ? 'two columns' : 'no column')
               . " \"$name\"") if @at != 1;
        push(@columns, [$at[0], $name, $read]);
    }

    return @columns;
}

# Opens a file that is read by the mapping of its operator. Returns a function
# that reads on, and gives the next rows, as COPY takes them, or none at the
# end: line, class, status, attempt, id, amount, at, currency, reference.

sub open_records {
    my ($file, $mapping, $low, $high) = @_;
    my $next = open_lines($file, $mapping->{separator},
        map { [$mapping->{"$_->[0]_column"}, $_->[1]] }
            readers($mapping, $low, $high));

    return sub {
        my @rows;

        while (@rows < $BULK) {
            my $row = $next->() // last;

            push(@rows, join("\t", map { defined $_ ? s/\\/\\\\/gr : '\N' }
                @$row{qw(line class status attempt id amount at currency
                         reference)}) . "\n");
        }

        return @rows;
    };
}

# What reads each column that the mapping names.

sub readers {
    my ($mapping, $low, $high) = @_;
    my @readers = (
        [status => status_reader($mapping)],
        [reference => $mapping->{theirs} ? \&read_reference
                                         : \&our_reference],
    );
    my %exponent = map { @$_ } table('select code, exponent from'
                                        . ' recon_currency');
    my $own = $mapping->{currency};

    push(@readers, [currency => sub {
        my ($row, $value) = @_;

        return 'no currency of ISO 4217' if !defined $exponent{$value};
        $row->{currency} = $value;
        return undef;
    }]) if defined $mapping->{currency_column};

    push(@readers, [amount => amount_reader($mapping, $own, \%exponent)]);
    push(@readers, [date => date_reader($mapping, $low, $high)])
        if defined $mapping->{date_column};

    return @readers;
}

sub status_reader {
    my ($mapping) = @_;
    my %letter = (succeeded => 's', failed => 'f', refunded => 'r',
                  charged_back => 'k', chargeback_reversed => 'v');
    my %status = map {
        my $status = $_;
        map { encode('UTF-8', $_) => $letter{$status} } @{$mapping->{$status}};
    } keys(%letter);

    return sub {
        my ($row, $value) = @_;

        $row->{status} = $status{$value}
            // return 'none of the words of the mapping';
        return undef;
    };
}

# A reference that is none of ours is a difference, and no mistake of the file.
# A chargeback is named as we name it, or by its charge.

sub our_reference {
    my ($row, $value) = @_;

    return read_reference(@_) if $value !~ $OURS;

    my %class = (pay => 'p', ref => 'r', cbk => 'k');
    my $class = $class{substr($value, 0, 3)};
    my $attempt = $class eq 'p' ? $1 // 1 : $class eq 'k' ? $2 : 0;

    return 'a refund is named by its ref_...'
        if $class eq 'p' && $row->{status} eq 'r';

    if ($row->{status} =~ /[kv]/) {
        return 'a chargeback is named by its cbk_..., or its pay_...'
            if $class eq 'r';

        $attempt = undef if $class eq 'p';
        $class = 'k';

    } elsif ($class eq 'k') {
        return 'a chargeback, with the status of something else';
    }

    @$row{qw(class id attempt)} = ($class, private_id(substr($value, 0, 17)),
                                   $attempt);

    return undef;
}

# The reference of an operator.

sub read_reference {
    my ($row, $value) = @_;

    return 'empty' if $value eq '';
    return "longer than $LONGEST bytes" if length($value) > $LONGEST;
    return 'a control character' if $value =~ /[\x00-\x1f\x7f]/;
    return 'not UTF-8' if !utf8::decode($value);

    $row->{reference} = $value;
    return undef;
}

# Operators write what they have paid back or taken back with a minus, or
# without.

sub amount_reader {
    my ($mapping, $own, $exponent) = @_;
    my $sign = $mapping->{decimal_sign};
    my %pattern = map {
        $_ => !defined $sign ? qr/^(-?)(\d{1,15})()$/
            : $_ ? qr/^(-?)(\d{1,13})(?:\Q$sign\E(\d{1,$_}))?$/
            : qr/^(-?)(\d{1,13})()$/
    } 0 .. 4;

    return sub {
        my ($row, $value) = @_;
        my $currency = $row->{currency} //= $own;
        my $digits = $exponent->{$currency};

        return defined $sign
            ? "no amount of $currency with a \"$sign\" before the"
              . ' decimals' : 'no amount in minor units'
            if $value !~ $pattern{$digits};

        my ($minus, $whole, $part) = ($1, $2, $3 // '');

        return 'below zero, and no refund'
            if $minus ne '' && $row->{status} !~ /[rkv]/
               && ($row->{class} // 'r') ne 'r';

        $row->{amount} = 0 + (!defined $sign ? $whole
            : $whole . $part . '0' x ($digits - length($part)));
        return undef;
    };
}

# The hours, or the days, of the period are the same for all rows, so the
# database says once when each of them begins.

sub date_reader {
    my ($mapping, $low, $high) = @_;
    my $pattern = date_parts($mapping->{date_format});
    my $step = $mapping->{date_format} =~ /HH24/ ? 'hour' : 'day';
    my %begins = map { @$_ } table(q{
        select to_char(h, 'YYYYMMDDHH24'),
               min(extract(epoch from h at time zone z) * 1000)::bigint
          from (values (?::text, ?::text, ?::bigint, ?::bigint))
               v (step, z, low, high)
         cross join lateral generate_series(
               date_trunc(step, to_timestamp(low / 1000.0) at time zone z),
               to_timestamp((high - 1) / 1000.0) at time zone z,
               ('1 ' || step)::interval) h
         group by 1}, $step, $mapping->{time_zone}, $low, $high);

    return sub {
        my ($row, $value) = @_;

        return "no date as \"$mapping->{date_format}\""
            if $value !~ $pattern;

        my $hour = $+{HH24} // '00';
        my ($minute, $second) = ($+{MI} // 0, $+{SS} // 0);
        my $begin = $begins{"$+{YYYY}$+{MM}$+{DD}$hour"};

        return 'not in the period of the file'
            if !defined $begin || $minute > 59 || $second > 60;

        $row->{at} = $begin + 1000 * (60 * $minute + $second);
        return undef;
    };
}

1;
