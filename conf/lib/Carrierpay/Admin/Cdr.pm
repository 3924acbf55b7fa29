package Carrierpay::Admin::Cdr;

# Charging records for operators: files of an hour or a day of what was posted,
# numbered without a gap, that can be made again to the byte.

use strict;
use warnings;
use re '/a';                           # a digit is one of ten

use Carrierpay::Admin qw(%option at_failure fail limit record rows truth);
use Carrierpay::Admin::Database qw(database row table);
use Carrierpay::Admin::Id qw(public_id);
use Carrierpay::Admin::Recon qw(author instant named);
use Carrierpay::Admin::RecordFile qw(date_parts);
use Digest::MD5 qw(md5);
use Digest::SHA ();
use Exporter qw(import);
use IO::Handle ();
use Text::CSV_XS ();

our @EXPORT_OK = qw(cdr_template cdr_make cdr_list cdr_show);

my $BULK = 1000;                       # rows a statement
my $PART = 10_000;                     # rows whose digests are kept together
my $DIGEST = 4;                        # bytes of each
my $AT = 'to_char(to_timestamp(%s / 1000.0) at time zone \'UTC\','
    . ' \'YYYY-MM-DD"T"HH24:MI:SS"Z"\')';

# The columns that a file may have: a row of cdr_rows and its template => the
# value.

my %COLUMNS = (
    row       => sub { $_[0]{row} },
    reference => sub { named(@{$_[0]}{qw(class id attempt)}) },
    payment   => sub { public_id('pay_', $_[0]{payment_id}) },
    operator_reference => sub { $_[0]{operator_reference} // '' },
    kind      => sub { $_[0]{kind} },
    posted    => sub { dated($_[1]{date_format}, $_[0]{posted}) },
    created   => sub { dated($_[1]{date_format}, $_[0]{created}) },
    amount    => sub { amount(@{$_[0]}{qw(amount exponent)},
                              $_[1]{decimal_sign}) },
    currency  => sub { $_[0]{currency} },
    merchant  => sub { $_[0]{merchant_id} },
    category  => sub { $_[0]{category} },
);

sub dated {
    my ($format, $digits) = @_;
    my %part;

    @part{qw(YYYY MM DD HH24 MI SS)} = unpack('A4A2A2A2A2A2', $digits);

    return $format =~ s/(YYYY|MM|DD|HH24|MI|SS)/$part{$1}/gr;
}

sub amount {
    my ($amount, $exponent, $sign) = @_;

    return $amount if !defined $sign || $exponent == 0;

    return sprintf('%0*d', $exponent + 1, $amount)
        =~ s/(?=\d{$exponent}$)/$sign/r;
}

# The form of an operator's files.

sub cdr_template {
    my ($operator) = @_;

    return show_template(known_template($operator))
        if !defined $option{columns};

    my @columns = map { [/^(\w+)(?::(.+))?$/] } split(/,/, $option{columns});
    my $every = $option{every} // 'day';
    my $format = $option{'date-format'} // 'YYYY-MM-DD HH24:MI:SS';
    my $zone = $option{'time-zone'} // 'UTC';

    for my $column (@columns) {
        my $name = $column->[0] // '';

        fail("--columns: no column \"$name\": "
             . join(', ', sort keys %COLUMNS)
             . ', each with ":" and another name, if you like')
            if !$COLUMNS{$name};
    }

    fail("--date-format=\"$format\": a date has YYYY, MM and DD, and a time"
         . ' HH24, MI and SS, each once') if !date_parts($format);
    row('select 1 from pg_timezone_names where name = ?', $zone)
        or fail("--time-zone=\"$zone\": no time zone as \"Europe/Paris\"");

    database()->do('insert into cdr_template (operator, every, columns, names,'
        . ' header, separator, decimal_sign, date_format, time_zone)'
        . ' values (?, ?, ?, ?, ?, ?, ?, ?, ?)', undef, $operator, $every,
        [map { $_->[0] } @columns], [map { $_->[1] // $_->[0] } @columns],
        $option{'no-header'} ? 0 : 1, $option{separator} // ';',
        $option{decimal}, $format, $zone);

    return 0;
}

sub show_template {
    my ($template) = @_;
    my ($columns, $names) = @$template{qw(columns names)};
    my @rest = qw(separator decimal_sign date_format time_zone);

    return record(
        [qw(operator every columns header), @rest],
        @$template{qw(operator every)},
        join(',', map { $columns->[$_] eq $names->[$_] ? $columns->[$_]
                        : "$columns->[$_]:$names->[$_]" } 0 .. $#$columns),
        truth($template->{header}), @$template{@rest});
}

sub known_template {
    my ($operator) = @_;
    my ($template) = templates('operator = ? order by id desc limit 1',
                               $operator);

    return $template // fail("no template of \"$operator\": see"
                             . ' carrierpay-admin help cdr template');
}

sub templates {
    my ($where, @values) = @_;

    return @{database()->selectall_arrayref(
        "select * from cdr_template where $where", { Slice => {} }, @values)};
}

# Those files that are due, or one of them again.

sub cdr_make {
    my ($operator, $dir) = @_;
    my $template = known_template($operator);
    my @made;

    fail("\"$dir\" is no folder") if !-d $dir;

    return again($operator, $dir) if defined $option{file};

    my ($last) = row("select max(seq) from cdr_file where operator = ?"
                     . " and direction = 'out'", $operator);

    fail('--from is for the first file: the next one begins where the last one'
         . ' ends') if defined $last && defined $option{from};

    my $start = $last ? 0 : instant('from', $template->{time_zone});

    while (my $made = next_file($operator, $dir, $start)) {
        push(@made, $made);
    }

    return files(@made ? ('f.operator = ? and f.direction = \'out\''
                          . ' and f.seq >= ?', $operator, $made[0])
                       : ('false'));
}

# The number of the file that was made, or undef when none is due.

sub next_file {
    my ($operator, $dir, $start) = @_;
    my $dbh = database();

    $dbh->begin_work();

    my ($id, $seq, $low, $high, $open) =
        row('select template_id, seq, low, high, open from cdr_next(?, ?)',
            $operator, $start);

    if (defined $open) {
        $dbh->rollback();
        return undef;
    }

    my ($template) = templates('id = ?', $id);
    my $name = sprintf('%s_%06d.csv', $operator, $seq);
    my $file = write_file("$dir/$name", $template, $low, $high);

    row("select cdr_add(?, ?, ?, ?, ?, ?, ?, ?, decode(?, 'hex'),"
        . ' array(select decode(h, \'hex\') from unnest(?::text[]) h))',
        $operator, $id, $seq, $low, $high, author(), $name, $file->{rows},
        $file->{sha256},
        [map { unpack('H*', $_) }
             unpack('(a' . $DIGEST * $PART . ')*', $file->{digests})]);
    $dbh->commit();
    put_there($file);

    return $seq;
}

# One that was made before is made again, with the template of then.

sub again {
    my ($operator, $dir) = @_;
    my $dbh = database();
    my ($f) = @{$dbh->selectall_arrayref(
        'select id, template_id, low, high, name, rows,'
        . " encode(sha256, 'hex') as sha256 from cdr_file where operator = ?"
        . " and direction = 'out' and seq = ?", { Slice => {} }, $operator,
        $option{file})};

    fail("no file $option{file} was made for \"$operator\": see \"cdr list\"")
        if !$f;

    $dbh->begin_work();

    my ($template) = templates('id = ?', $f->{template_id});
    my $file = write_file("$dir/$f->{name}", $template, $f->{low}, $f->{high});
    my $was = join('', map { $_->[0] } table('select digest from cdr_digest'
        . ' where file_id = ? order by part', $f->{id}));

    $dbh->rollback();
    fail("$f->{name} is not what it was: "
         . difference($was, $file, $template->{header}))
        if $file->{sha256} ne $f->{sha256};
    put_there($file);

    return files('f.id = ?', $f->{id});
}

# The first row that is not what it was.

sub difference {
    my ($was, $file, $header) = @_;
    my $same = 0;
    my ($before, $now) = map { length($_) / $DIGEST } $was, $file->{digests};

    $same++ while $same < $before && $same < $now
        && substr($was, $same * $DIGEST, $DIGEST)
           eq substr($file->{digests}, $same * $DIGEST, $DIGEST);

    return 'another header' if $same == $before && $same == $now;
    return 'row ' . ($same + 1) . ', which it had, is missing'
        if $same == $now;

    return 'row ' . ($same + 1) . ($same == $before ? ' is new' : ' differs')
           . ': it is ' . line($file, $same + ($header ? 2 : 1)) . ' now';
}

sub line {
    my ($file, $number) = @_;

    open(my $in, '<', "$file->{path}.new") or fail("$file->{path}.new: $!");

    while (my $line = <$in>) {
        return $line =~ s/\s+$//r if $. == $number;
    }
}

# Writes the rows of a period beside the file, and says what they are.

sub write_file {
    my ($path, $template, $low, $high) = @_;
    my $dbh = database();
    my $csv = Text::CSV_XS->new({ binary => 1, quote_space => 0,
                                  eol => "\r\n",
                                  sep_char => $template->{separator} });
    my @columns = map { $COLUMNS{$_} } @{$template->{columns}};
    my $sha = Digest::SHA->new(256);
    my %file = (path => $path, rows => 0, digests => '');

    open(my $out, '>:raw', "$path.new") or fail("$path.new: $!");
    at_failure(sub { unlink("$path.new") });

    my $put = sub {
        $csv->combine(@_) or fail("$path: a value that cannot be written");
        utf8::encode(my $line = $csv->string());
        $sha->add($line);
        print $out $line or fail("$path.new: $!");

        return $line;
    };

    $put->(@{$template->{names}}) if $template->{header};
    $dbh->do('declare records cursor for select * from cdr_rows(?, ?, ?)',
             undef, $template->{id}, $low, $high);

    while (1) {
        my $rows = $dbh->selectall_arrayref("fetch $BULK from records",
                                            { Slice => {} });
        last if !@$rows;

        for my $row (@$rows) {
            $row->{row} = ++$file{rows};
            $file{digests} .= substr(md5($put->(map { $_->($row, $template) }
                                                    @columns)), 0, $DIGEST);
        }
    }

    $dbh->do('close records');
    $out->flush() && $out->sync() && close($out) or fail("$path.new: $!");
    $file{sha256} = $sha->hexdigest();

    return \%file;
}

sub put_there {
    my ($file) = @_;

    rename("$file->{path}.new", $file->{path}) or fail("$file->{path}: $!");
}

# All files that were made, and that have come; the newest first.

sub cdr_list {
    return files('?::text is null or f.operator = ?', ($option{operator}) x 2);
}

sub files {
    my ($where, @values) = @_;

    return rows([qw(operator direction file from to rows agrees differ open
                    name made by)],
        table('select f.operator, f.direction, f.seq, '
            . join(', ', map { sprintf($AT, $_) } qw(f.low f.high)) . q{,
                   f.rows, f.agrees,
                   case f.direction when 'in' then (
                       select count(*) from recon_view v
                        where v.operator = f.operator and v.file = f.seq) end,
                   case f.direction when 'in' then (
                       select count(*) from recon_view v
                        where v.operator = f.operator and v.file = f.seq
                          and v.state = 'open') end,
                   f.name, } . sprintf($AT, 'f.at') . ', f.author'
            . " from cdr_file f where $where order by f.id desc limit ?",
            @values, limit()));
}

sub cdr_show {
    my ($operator, $seq) = @_;

    fail("\"$seq\" is not the number of a file: see \"cdr list\"")
        if $seq !~ /^\d{1,9}$/;

    my @file = row('select operator, direction, seq, '
        . join(', ', map { sprintf($AT, $_) } qw(low high)) . ", rows, name,
        encode(sha256, 'hex'), " . sprintf($AT, 'at') . ', author, template_id'
        . ' from cdr_file where operator = ? and seq = ? and direction = ?',
        $operator, $seq, $option{in} ? 'in' : 'out');

    fail("no file $seq of \"$operator\": see \"cdr list\"") if !@file;

    return record([qw(operator direction file from to rows name sha256 made by
                      template)], @file);
}

1;
