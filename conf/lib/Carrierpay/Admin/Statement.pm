package Carrierpay::Admin::Statement;

# The statement of a settlement, as text, CSV, JSON or a page to print. All of
# it is read from what was written when it was settled: nothing is computed
# here but the total, and so a statement is the same whenever it is printed.

use strict;
use utf8;
use warnings;
use re '/a';                           # a digit is one of ten

use Carrierpay::Admin qw(fail rows);
use Carrierpay::Admin::Database qw(database row);
use Exporter qw(import);
use JSON::PP ();

our @EXPORT_OK = qw(statement_print);

my @SUMS = qw(payments gross share tax fee net);
my @COLUMNS = ('kind', 'operator', 'category', 'name', @SUMS);

my %FORMATS = (text => \&as_text, csv => \&as_csv, json => \&as_json,
               html => \&as_html);

# The words of the page, in the languages of the service.

my %WORDS = (
    en => {
        title => 'Statement', period => 'Period', to => 'to',
        sum => 'Total', remitted => 'To be remitted',
        carried => 'Carried over to the next statement', owed => 'Owed to us',
        owing => 'Owed by us', until => 'until', is => ':', point => '.',
        group => ',',
        test => 'Test mode: no money moves.', kind => 'What',
        operator => 'Operator', category => 'Category',
        payments => 'Number', gross => 'Gross', share => 'Operator\'s share',
        tax => 'VAT', fee => 'Fee', net => 'Net',
        charge => 'Payments', refund => 'Refunds',
        chargeback => 'Chargebacks', loss => 'Chargebacks borne by us',
        chargeback_fee => 'Fees of chargebacks', suspense => 'In suspense',
        tier_correction => 'Tier of the month',
        minimum_fee => 'Minimum fee', commission => 'Commission',
        reserve_held => 'Reserve held back',
        reserve_released => 'Reserve released',
        adjustment => 'Adjustments', payout => 'Payouts to wallets',
        payout_returned => 'Payouts that came back',
        remittance_returned => 'Remittances that came back',
        carried_over => 'Carried over from the last statement',
        digital_content => 'digital content', voice => 'voice',
        charity => 'charity', tickets => 'tickets',
        physical_goods => 'physical goods',
    },
    fr => {
        title => 'Relevé', period => 'Période', to => 'au',
        sum => 'Total', remitted => 'À virer',
        carried => 'Reporté sur le relevé suivant', owed => 'Nous est dû',
        owing => 'Dû par nous', until => 'jusqu\'au', is => "\x{a0}:",
        point => ',', group => "\x{202f}",
        test => 'Mode test : aucun argent ne circule.', kind => 'Objet',
        operator => 'Opérateur', category => 'Catégorie',
        payments => 'Nombre', gross => 'Brut',
        share => 'Part de l\'opérateur', tax => 'TVA', fee => 'Frais',
        net => 'Net', charge => 'Paiements', refund => 'Remboursements',
        chargeback => 'Impayés et contestations',
        loss => 'Impayés et contestations à notre charge',
        chargeback_fee => 'Frais d\'impayés',
        suspense => 'En attente', tier_correction => 'Palier du mois',
        minimum_fee => 'Frais minimaux', commission => 'Commission',
        reserve_held => 'Réserve retenue',
        reserve_released => 'Réserve libérée', adjustment => 'Ajustements',
        payout => 'Versements sur portefeuilles',
        payout_returned => 'Versements revenus',
        remittance_returned => 'Virements revenus',
        carried_over => 'Report du relevé précédent',
        digital_content => 'contenu numérique', voice => 'voix',
        charity => 'dons', tickets => 'billets',
        physical_goods => 'biens matériels',
    },
);

sub statement_print {
    my ($id, $format) = @_;
    my $print = $FORMATS{$format}
        // fail("no format \"$format\": " . join(', ', sort keys %FORMATS));

    return $print->(statement($id));
}

# What was written: members of the statement, and its lines.

sub statement {
    my ($id) = @_;
    my $statement = database()->selectrow_hashref(q{
        select s.id, coalesce(m.name, o.name) as party, p.merchant_id,
               p.operator, p.live, s.number, s.first, s.next - 1 as last,
               s.next, t.time_zone, s.from_at, s.until_at, p.currency,
               c.exponent, s.net, s.reserve, s.reserve_until, m.locale,
               remittance_state_name(r.state) as remittance, r.paid,
               r.reference, r.returned, r.reason
          from settlement s
          join settlement_party p on p.id = s.party_id
          join settlement_terms t on t.id = s.terms_id
          join currency c on c.code = p.currency
          left join merchant m on m.id = p.merchant_id
          left join operator o on o.code = p.operator
          left join remittance r on r.settlement_id = s.id
         where s.id = ?}, undef, $id)
        or fail("\"$id\" is not an id of \"settlement list\"");

    $statement->{lines} = database()->selectall_arrayref(q{
        select line, settlement_kind_name(kind) as kind, operator,
               category_name(category) as category, name, payments, gross,
               share, tax, fee, net
          from settlement_line where settlement_id = ? order by line},
        { Slice => {} }, $id);

    return $statement;
}

# An amount in units of its currency: an integer with a point in it.

sub amount {
    my ($minor, $exponent) = @_;

    return $minor if $exponent == 0;

    my ($sign, $digits) = $minor =~ /^(-?)(\d+)$/;

    $digits = sprintf('%0*s', $exponent + 1, $digits);
    substr($digits, -$exponent, 0) = '.';

    return "$sign$digits";
}

# The cells of a line, with its amounts in units; and those of the total.

sub cells {
    my ($statement, $line) = @_;

    return map { my $value = $line->{$_};
                 defined $value && /^(?:gross|share|tax|fee|net)$/
                     ? amount($value, $statement->{exponent}) : $value }
           @COLUMNS;
}

sub total {
    my ($statement) = @_;
    my %total = (kind => 'total');

    for my $name (grep { $_ ne 'payments' } @SUMS) {
        $total{$name} = 0;
        $total{$name} += $_->{$name} for @{$statement->{lines}};
    }

    fail("settlement $statement->{id}: its lines sum to $total{net}, not to"
         . " $statement->{net}") if $total{net} != $statement->{net};

    return \%total;
}

sub as_text {
    my ($statement) = @_;

    printf "statement %d of %s (%s): %s to %s, %s, %s%s\n\n",
        @$statement{qw(number party id first last time_zone currency)},
        $statement->{live} ? '' : ', test mode';

    rows(\@COLUMNS, map { [cells($statement, $_)] } @{$statement->{lines}},
         total($statement));
    print "\n", outcome($statement, $WORDS{en}), "\n";

    return 0;
}

# A spreadsheet takes a text that begins so for a formula; behind an apostrophe
# it is a text. Numbers are of digits, and stay as they are.

sub csv_field {
    my ($value) = @_;

    return '' if !defined $value;
    return $value if $value =~ /^-?\d+(?:\.\d+)?\z/;

    $value = "'$value" if $value =~ /^[=+\-@\t\r\n]/;
    $value =~ s/"/""/g;

    return $value =~ /[",;'\r\n\t ]/ ? "\"$value\"" : $value;
}

sub as_csv {
    my ($statement) = @_;
    my @head = qw(id number party first last currency);
    my @names = qw(settlement number party first last currency);
    my @rows = ([@names, @COLUMNS],
                map { my $line = $_;
                      [@$statement{@head}, cells($statement, $line)] }
                @{$statement->{lines}}, total($statement));

    print map { join(',', map { csv_field($_) } @$_) . "\r\n" } @rows;

    return 0;
}

sub as_json {
    my ($statement) = @_;
    my %object = %$statement;

    $object{$_} = $object{$_} ? JSON::PP::true : JSON::PP::false for 'live';
    $object{total} = { map { $_ => total($statement)->{$_} } @SUMS[1 .. 5] };
    delete $object{locale};
    print JSON::PP->new->canonical->pretty->encode(\%object);

    return 0;
}

sub escape {
    my ($text) = @_;
    my %entity = ('&' => 'amp', '<' => 'lt', '>' => 'gt', '"' => 'quot',
                  '\'' => '#39');

    return ($text // '') =~ s/([&<>"'])/&$entity{$1};/gr;
}

my $STYLE = <<'CSS';
@page { size: A4 landscape; margin: 15mm; }
body { font: 10pt/1.4 sans-serif; color: #111; margin: 0 auto;
       max-width: 262mm; }
h1 { font-size: 16pt; margin: 0 0 2mm; }
table { border-collapse: collapse; width: 100%; margin: 6mm 0; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th, td { text-align: left; padding: 1.2mm 2mm; border-bottom: 1px solid #ccc; }
.number { text-align: right; font-variant-numeric: tabular-nums;
          white-space: nowrap; }
tfoot td { font-weight: bold; border-top: 2px solid #111; }
.test { border: 1px solid #a00; color: #a00; padding: 2mm; }
CSS

# A page that needs nothing else, in the merchant's language.

sub as_html {
    my ($statement) = @_;
    my $language = ($statement->{locale} // '') eq 'fr' ? 'fr' : 'en';
    my $words = $WORDS{$language};
    my @columns = grep { $_ ne 'name' } @COLUMNS;
    my $title = escape("$words->{title} $statement->{number} –"
                       . " $statement->{party}");
    my $head = join('', map { cell('th', $_, $words->{$_}) } @columns);
    my $lines = join('', map { html_line($statement, $words, $_) }
                         @{$statement->{lines}});
    my $total = html_line($statement, { %$words, total => $words->{sum} },
                          total($statement));
    my $outcome = escape(outcome($statement, $words));
    my $test = $statement->{live} ? ''
        : "<p class=\"test\">" . escape($words->{test}) . "</p>\n";
    my $period = escape("$words->{period}$words->{is} $statement->{first}"
        . " $words->{to}"
        . " $statement->{last} ($statement->{time_zone}),"
        . " $statement->{currency}");

    print <<"HTML";
<!DOCTYPE html>
<html lang="$language">
<head>
<meta charset="utf-8">
<title>$title</title>
<style>
$STYLE</style>
</head>
<body>
<h1>$title</h1>
<p>$period</p>
$test<table>
<thead><tr>$head</tr></thead>
<tbody>
$lines</tbody>
<tfoot>
$total</tfoot>
</table>
<p><strong>$outcome</strong></p>
</body>
</html>
HTML

    return 0;
}

sub cell {
    my ($tag, $column, $text) = @_;
    my $class = (grep { $_ eq $column } @SUMS) ? ' class="number"' : '';

    return "<$tag$class>" . escape($text) . "</$tag>";
}

# A third party, or how long a reserve is held, stands behind what a line is
# for. What a line is not about is left empty; its net and the total are not.

sub html_line {
    my ($statement, $words, $line) = @_;
    my %text;

    @text{@COLUMNS} = cells($statement, $line);

    for my $name (@SUMS) {
        $text{$name} = $line->{$name} || $name eq 'net' || !$line->{line}
            ? grouped($text{$name}, $words) : '';
    }

    $text{$_} = $words->{$text{$_} // ''} for qw(kind category);
    $text{kind} .= " $text{name}" if defined $text{name};
    $text{kind} .= " $words->{until} $statement->{reserve_until}"
        if $line->{kind} eq 'reserve_held';

    return '<tr>' . join('', map { cell('td', $_, $text{$_}) }
                             grep { $_ ne 'name' } @COLUMNS) . "</tr>\n";
}

# An amount as people of the language write it.

sub grouped {
    my ($amount, $words) = @_;

    return $amount if !defined $amount;

    my ($sign, $units, $rest) = $amount =~ /^(-?)(\d+)(?:\.(\d+))?$/;

    $units = reverse(join($words->{group},
                          unpack('(A3)*', reverse $units)));
    $rest = defined $rest ? "$words->{point}$rest" : '';

    return "$sign$units$rest";
}

# What comes of the sum.

sub outcome {
    my ($statement, $words) = @_;
    my $net = $statement->{net};
    my $what = defined $statement->{operator} ? $net < 0 ? 'owing' : 'owed'
        : $net > 0 ? 'remitted' : 'carried';
    my $amount = amount($what eq 'owing' ? -$net : $net,
                        $statement->{exponent});

    return "$words->{$what}$words->{is} " . grouped($amount, $words)
           . " $statement->{currency}";
}

1;
