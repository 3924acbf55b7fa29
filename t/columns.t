#!/usr/bin/perl

# What the C sources say of the database's functions and views, beside what the
# database says: the columns of a payment, the parameters of each statement,
# which functions the service calls, the currencies and the categories. The
# test first shows that it finds what differs.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use Carrierpay::House qw(tree sources);
use Carrierpay::Test;
use Test::More;

my $payment_h = 'ngx_carrierpay/core/payment/ngx_carrierpay_payment.h';
my $worker_c = 'ngx_carrierpay/core/ngx_carrierpay_worker.c';
my $money_c = 'ngx_carrierpay/base/ngx_carrierpay_money.c';
my $category_c = 'ngx_carrierpay/core/merchant/ngx_carrierpay_category.c';

# the types of NGX_CARRIERPAY_COLUMN_...

my %types = (
    INT4 => 'integer', INT4_OR_NULL => 'integer',
    INT8 => 'bigint', INT8_OR_NULL => 'bigint', INT8_OPTIONAL => 'bigint',
    BOOL => 'boolean', TEXT => 'text',
    BYTEA => 'bytea', HASH => 'bytea', UUID => 'uuid',
);

# the functions whose rows have a payment's columns, and behind and before
# which others

my %payments = (
    payment_get   => { columns => 'PAYMENT_COLUMNS', behind => [] },
    payment_claim => { columns => 'PAYMENT_COLUMNS', behind => [] },
    payment_page  => { columns => 'PAGE_COLUMNS', behind => ['ord'] },
    payment_first => { columns => 'PAYMENT_COLUMNS', behind => [] },
    payment_begin => { columns => 'PAYMENT_COLUMNS',
                       behind => [qw(ord result)] },
    outbox_claim  => { columns => 'PAYMENT_COLUMNS',
                       behind => [qw(payment_id seq endpoint_id url secret
                                     type at attempts traceparent)],
                       before => [(map { "refund_$_" } qw(id amount kind state
                                                          failure_code
                                                          reason)),
                                  'chargeback',
                                  (map { "chargeback_$_" } qw(amount fee state
                                                         reason bearer)),
                                  (map { "payout_$_" } qw(id merchant_id live
                                       operator amount currency reference
                                       state outcome_unknown failure_code
                                       ended msisdn))] },
    payment_capture => { columns => 'PAYMENT_COLUMNS', behind => ['result'] },
    payment_release => { columns => 'PAYMENT_COLUMNS', behind => ['result'] },
);

my $t = Carrierpay::Test->start();
my %files = tree("$FindBin::Bin/..");
my %database = database();

self_test();

is_deeply([view_differences(\%files)], [],
          'the columns of a payment are those of its views');
is_deeply([row_differences(\%files)], [],
          'the functions that return a payment return these columns');
is_deeply([statement_differences(\%files)], [],
          'the parameters of the statements are those of the functions');
is_deeply([list_differences(\%files)], [],
          'the worker prepares each statement, and each function granted');
is_deeply([word_differences(\%files)], [],
          'the currencies and the categories are the same ones');


###############################################################################


# What the database has: of views their columns, in order; of functions that
# the service may call their parameters' types and their rows' columns.

sub database {
    my %of = (views => {}, functions => {});

    for my $row ($t->sql(<<'END')) {
        select c.relname, a.attname
          from pg_class c
          join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
         where c.relnamespace = 'carrierpay'::regnamespace
           and c.relname in ('payment_view', 'page_view')
         order by c.relname, a.attnum
END
        push(@{ $of{views}{$row->[0]} }, $row->[1]);
    }

    for my $row ($t->sql(<<'END')) {
        select p.proname,
               array(select format_type(u.type, null)
                       from unnest(p.proargtypes) with ordinality
                            u (type, place)
                      order by u.place),
               array(select u.name
                       from unnest(p.proargnames, p.proargmodes)
                            with ordinality u (name, mode, place)
                      where u.mode = 't' order by u.place),
               r.typname
          from pg_proc p
          join pg_type r on r.oid = p.prorettype
         where p.pronamespace = 'carrierpay'::regnamespace
           and pg_get_userbyid(p.proowner) = 'carrierpay_owner'
           and has_function_privilege('carrierpay', p.oid, 'execute')
END
        my ($name, $parameters, $columns, $returned) = @$row;

        $of{functions}{$name} = {
            parameters => $parameters,
            columns => $of{views}{$returned} // $columns,
        };
    }

    $of{currencies} = [map { "@$_" } $t->sql(
        'select code, exponent from carrierpay.currency order by code')];
    $of{categories} = [map { $_->[0] } $t->sql(<<'END')];
        select carrierpay.category_name(letter::"char")
          from regexp_split_to_table('dvctg', '') letter order by 1
END

    return %of;
}


# The values of the enum of a payment's columns, by their names without
# NGX_CARRIERPAY_.

sub payment_enum {
    my ($files) = @_;
    my ($rows) = $files->{$payment_h}
        =~ /enum \s* \{ ([^}]*) \} \s* ngx_carrierpay_payment_column_e;/x
        or die "$payment_h: no enum of columns\n";
    my ($next, %values) = (0);

    for my $row (split(/\s*,\s*/, $rows)) {
        my ($name, $value) = $row
            =~ /^\s* NGX_CARRIERPAY_(\w+) (?:\s*=\s* (?:NGX_CARRIERPAY_)?
                (\w+))? \s*$/x or die "$payment_h: \"$row\"\n";

        $next = $value =~ /^\d/ ? $value : $values{$value} if defined $value;
        $values{$name} = $next++;
    }

    return %values;
}


# The columns of payments up to a name that counts them, as the enum has them.

sub payment_columns {
    my ($files, $count) = @_;
    my %values = payment_enum($files);
    my @columns;

    for my $name (grep { !/_COLUMNS$/ } keys(%values)) {
        next if $values{$name} >= $values{$count};
        $columns[$values{$name}] = lc($name =~ s/^[A-Z]+_//r);
    }

    return map { $_ // '' } @columns, ('') x ($values{$count} - @columns);
}


sub view_differences {
    my ($files) = @_;

    return (different('payment_view', [payment_columns($files,
                                                       'PAYMENT_COLUMNS')],
                      $database{views}{payment_view}),
            different('page_view', [payment_columns($files, 'PAGE_COLUMNS')],
                      $database{views}{page_view}));
}


sub row_differences {
    my ($files) = @_;
    my @found;

    for my $name (sort(keys(%payments))) {
        my @columns = payment_columns($files, $payments{$name}{columns});
        my @behind = @{ $payments{$name}{behind} };

        # a name that is taken gets another

        @columns = map { my $c = $_; (grep { $_ eq $c } @behind) ? "view_$c"
                                                                 : $c }
                       @columns;
        push(@found, different($name, [@behind, @columns,
                                       @{ $payments{$name}{before} // [] }],
                               $database{functions}{$name}{columns}));
    }

    return @found;
}


# The descriptors of all sources: C name => { name, parameters }.

sub statements {
    my ($files) = @_;
    my (%tables, %found);

    for my $text (map { $files->{$_} } sources($files)) {
        while ($text =~ /ngx_carrierpay_column_t \s+ (\w+) \[\] \s* = \s*
                         \{ (.*?) \n \};/gsx)
        {
            my ($table, $rows) = ($1, $2);

            $tables{$table} = [$rows =~ /\bcolumn\((\w+),
                                        |\bngx_carrierpay_column\((\w+),/gx];
            $tables{$table} = [grep { defined } @{ $tables{$table} }];
        }
    }

    for my $file (sources($files)) {
        while ($files->{$file} =~ /^ngx_carrierpay_statement_t \s+ (\w+)
                                   \s* = \s* \{ (.*?) \n \};/gmsx)
        {
            my ($symbol, $text) = ($1, $2);
            my ($name) = $text =~ /"(\w+)"/ or die "$symbol has no name\n";
            my ($table) = $text =~ /(\w+_columns) \b (?!\()/x;
            my $array = $text =~ /\.batched\s*=\s*1/ ? '[]' : '';

            die "$symbol: no table $table\n"
                if defined($table) && !$tables{$table};
            $found{$symbol} = {
                name => $name,
                parameters => [map { ($types{$_} // die "type $_\n") . $array }
                                   $table ? @{ $tables{$table} } : ()],
            };
        }
    }

    return %found;
}


sub statement_differences {
    my ($files) = @_;
    my %statements = statements($files);
    my @found;

    for my $symbol (sort(keys(%statements))) {
        my ($name, $parameters) = @{ $statements{$symbol} }{
                                      qw(name parameters)};
        my $function = $database{functions}{$name};

        push(@found, $function ? different($name, $parameters,
                                           $function->{parameters})
                               : "$name: the service has no such function");
    }

    return @found;
}


sub list_differences {
    my ($files) = @_;
    my ($list) = $files->{$worker_c}
        =~ /\*ngx_carrierpay_worker_statements\[\] \s* = \s* \{ (.*?) \};/sx
        or die "$worker_c: no list of statements\n";
    my @listed = sort($list =~ /&(\w+)/g);
    my %statements = statements($files);
    my @named = sort(map { $_->{name} } values(%statements));

    return (different('statements', \@listed, [sort(keys(%statements))]),
            different('functions', \@named,
                      [sort(keys(%{ $database{functions} }))]));
}


sub word_differences {
    my ($files) = @_;
    my @currencies = map { tr/",//dr }
        $files->{$money_c} =~ /\{ ("[A-Z]{3}", \d) \}/g;
    my @categories = sort($files->{$category_c} =~ /ngx_string\("(\w+)"\)/g);

    return (different('currencies', \@currencies, $database{currencies}),
            different('categories', \@categories, $database{categories}));
}


sub different {
    my ($what, $ours, $theirs) = map { ref ? join(', ', @$_) : $_ } @_;

    return $ours eq $theirs ? () : "$what: \"$ours\" is not \"$theirs\"";
}


###############################################################################


# Each breach is an edit of one file, which the check named must find.

sub self_test {
    my $receipt_c =
        'ngx_carrierpay/core/checkout/ngx_carrierpay_receipt.c';
    my $webhook_c =
        'ngx_carrierpay/core/webhook/ngx_carrierpay_webhook.c';

    breach('two columns change places', \&view_differences, $payment_h,
           qr/(\w+_PAYMENT_LIVE),(\s+)(\w+_PAYMENT_AMOUNT),/,
           sub { "$3,$2$1," });
    breach('a column is missing', \&view_differences, $payment_h,
           qr/\s+\w+_PAYMENT_EMAIL,/, sub { '' });
    breach('a column too many', \&view_differences, $payment_h,
           qr/(?=\n\s+\w+_PAYMENT_COLUMNS,)/,
           sub { "\n    NGX_CARRIERPAY_PAYMENT_NEW," });
    breach('a page has a column less', \&view_differences, $payment_h,
           qr/\s+\w+_PAGE_FRAMES,/, sub { '' });
    breach('a page begins one column early', \&view_differences, $payment_h,
           qr/(?<=PAGE_SUPPORT = )\w+/, sub { 'NGX_CARRIERPAY_PAYMENT_PIN' });
    breach('two columns of a row change places', \&row_differences, $payment_h,
           qr/(\w+_PAYMENT_MSISDN),(\s+)(\w+_PAYMENT_ATTEMPT),/,
           sub { "$3,$2$1," });
    breach('a parameter has another type', \&statement_differences, $receipt_c,
           qr/column\(BYTEA, email/, sub { 'column(TEXT, email' });
    breach('a parameter is missing', \&statement_differences, $webhook_c,
           qr/\s+column\(BOOL, delivered\),/, sub { '' });
    breach('a statement is batched and its function is not',
           \&statement_differences, $receipt_c, qr/\.batched = 0/,
           sub { '.batched = 1' });
    breach('a function has another name', \&statement_differences, $receipt_c,
           qr/"mail_add"/, sub { '"mail_append"' });
    breach('a statement is not prepared', \&list_differences, $worker_c,
           qr/\s+&\w+_receipt_mail_statement,/, sub { '' });
    breach('a function is not called', \&list_differences, $receipt_c,
           qr/"mail_add"/, sub { '"stop_subscriber"' });
    breach('a currency has another exponent', \&word_differences, $money_c,
           qr/(?<="TND", )3/, sub { '2' });
    breach('a currency is missing', \&word_differences, $money_c,
           qr/\{ "XAF", 0 \}, /, sub { '' });
    breach('a category has another name', \&word_differences, $category_c,
           qr/"voice"/, sub { '"calls"' });
}


sub breach {
    my ($name, $check, $file, $pattern, $by) = @_;
    my %broken = %files;

    $broken{$file} =~ s/$pattern/$by->()/e
        or die "$file has no $pattern\n";
    cmp_ok(scalar(() = $check->(\%broken)), '>', 0, "found: $name");
}
