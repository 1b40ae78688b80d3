"""Abbreviations and symbols of cosmology: how each is written, and what is looked for beside it.

One line a term: its name among :func:`core.literature.text.text.words`; how a page shows it; its
spellings, which all mean the same ("f_NL" stands for every way in which TeX and people join the
two); and what is related to it, which widens an interest.

Example:
    >>> TERMS["21cm"].shown, TERMS["fnl"].related[0]
    ('21 cm', 'primordial non-Gaussianity')
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["TERMS", "Term"]


@dataclass(frozen=True)
class Term:
    """An abbreviation or symbol of the field.

    Attributes:
        name: one word of small letters and digits.
        shown: as a page writes it.
        spellings: in words, all equal; a symbol with an index as "f_NL".
        related: terms and words that papers on it use, the most telling first.
    """

    name: str
    shown: str
    spellings: tuple[str, ...]
    related: tuple[str, ...]


_TABLE = """
21cm | 21 cm | 21 cm; 21 centimeter; 21 centimetre | HI; reionization signal; cosmic dawn; intensity mapping
hi | HI | hi; h i; h1; neutral hydrogen; neutral atomic hydrogen; atomic hydrogen | 21 cm; intensity mapping
eor | EoR | eor; epoch of reionization; reionization epoch | reionization; 21 cm; neutral fraction; ionized bubbles
reionization | reionization | reionization | EoR; 21 cm; neutral fraction; ionizing photons; cosmic dawn
hii | HII | h ii; hii; ionized hydrogen | ionized bubbles
cii | [C II] | c ii; cii | line intensity mapping
oiii | [O III] | o iii; oiii | emission lines
mgii | Mg II | mg ii; mgii | absorption lines
civ | C IV | c iv; civ | absorption lines
heii | He II | he ii; heii | helium reionization
popiii | Pop III | pop iii; population iii; popiii; population 3 | first stars
lya | Lyα | lya; ly alpha; lyman alpha; lyalpha; lymanalpha | Lyman-alpha forest; IGM; quasar spectra
lyaforest | Lyα forest | lya forest; ly alpha forest; lyman alpha forest; lyalpha forest; lymanalpha forest | Lyα; IGM; quasar spectra
lae | LAE | lae; lyman alpha emitter; ly alpha emitter; lya emitter; lyalpha emitter | Lyα; reionization
dla | DLA | dla; damped lyman alpha; damped ly alpha; damped lya | HI; absorption lines
halpha | Hα | halpha; h alpha | emission lines
igm | IGM | igm; intergalactic medium | Lyα forest; intergalactic gas
cgm | CGM | cgm; circumgalactic medium | gas around galaxies
icm | ICM | icm; intracluster medium | galaxy clusters
ism | ISM | ism; interstellar medium | dust
agn | AGN | agn; active galactic nucleus; active galactic nuclei | quasars; black holes
quasar | quasar | qso; quasar; quasi stellar object | AGN
frb | FRB | frb; fast radio burst | dispersion measure
grb | GRB | grb; gamma ray burst | standard candles
smbh | SMBH | smbh; supermassive black hole | AGN; black holes
pbh | PBH | pbh; primordial black hole | primordial black holes; microlensing
bbh | BBH | bbh; binary black hole | gravitational waves
bns | BNS | bns; binary neutron star | gravitational waves; kilonova
blackhole | black hole | bh; black hole | event horizon
gw | GW | gw; gravitational wave; gravitational radiation | standard sirens; stochastic background; mergers
siren | standard siren | standard siren; bright siren; dark siren; gravitational wave siren; gw siren | gravitational waves; binary black holes; Hubble constant
sgwb | SGWB | sgwb; stochastic gravitational wave background; gravitational wave background; stochastic gw background; gw background | gravitational waves; pulsar timing array
pta | PTA | pta; pulsar timing array; pulsar timing | NANOGrav; gravitational wave background
cmb | CMB | cmb; cmbr; cosmic microwave background; cosmic microwave background radiation; microwave background; microwave background radiation; cosmic background radiation | Planck; anisotropies; last scattering
cmblensing | CMB lensing | cmb lensing; cosmic microwave background lensing; lensing of the cmb; lensing of the cosmic microwave background; lensing of the microwave background | lensing potential; CMB
sz | SZ | sz; sunyaev zeldovich; sunyaev zel dovich | galaxy clusters; hot gas; Compton
tsz | tSZ | tsz; thermal sz; thermal sunyaev zeldovich; thermal sunyaev zel dovich | SZ; galaxy clusters; Compton; hot gas
ksz | kSZ | ksz; kinetic sz; kinematic sz; kinetic sunyaev zeldovich; kinematic sunyaev zeldovich; kinetic sunyaev zel dovich; kinematic sunyaev zel dovich | SZ; bulk flow; baryons; momentum
isw | ISW | isw; integrated sachs wolfe | voids; CMB
bao | BAO | bao; baryon acoustic oscillation; baryonic acoustic oscillation; baryon acoustic peak; baryon acoustic feature; baryon oscillation | sound horizon; standard ruler; galaxy clustering
rsd | RSD | rsd; redshift space distortion | growth rate; galaxy clustering; peculiar velocities
fsigma8 | fσ₈ | fsigma8; f sigma8; f sigma 8 | growth rate; RSD
lss | LSS | lss; large scale structure | galaxy clustering; cosmic web; power spectrum
eftoflss | EFTofLSS | eftoflss; effective field theory of large scale structure; effective field theory of lss | LSS; perturbation theory; power spectrum
hod | HOD | hod; halo occupation; halo occupation distribution | galaxy halo connection; galaxy clustering
hmf | halo mass function | hmf; halo mass function | dark matter haloes; cluster abundance
wl | weak lensing | wl; weak lensing; weak gravitational lensing | cosmic shear; shear; convergence
stronglensing | strong lensing | strong lensing; strong gravitational lensing; strong lens | time delay; lensed quasars; Einstein radius
shear | cosmic shear | cosmic shear | weak lensing; shear; S8
ggl | galaxy-galaxy lensing | ggl; galaxy galaxy lensing | weak lensing; tangential shear
snia | SN Ia | sn ia; snia; sne ia; sneia; type ia supernova; supernova type ia; supernova ia; type ia sn; type ia sne; type ia | supernovae; standard candles; Pantheon; distance ladder
supernova | supernova | supernova; supernovae; sne | SN Ia; standard candles
tsne | t-SNE | t sne; tsne | UMAP; dimension reduction
trgb | TRGB | trgb; tip of the red giant branch | distance ladder; Hubble constant
redshift | redshift | redshift; z | 
photoz | photo-z | photo z; photoz; photo zs; photometric redshift | redshift distribution; spectroscopic redshifts; tomographic bins
specz | spec-z | spec z; specz; spectroscopic redshift | redshift survey
lcdm | ΛCDM | lcdm; lambda cdm; lambdacdm; lambda cold dark matter | standard model of cosmology; cosmological constant
cdm | CDM | cdm; cold dark matter | dark matter
wdm | WDM | wdm; warm dark matter | dark matter; small scales
fdm | FDM | fdm; fuzzy dark matter; ultralight dark matter; ultra light dark matter; wave dark matter | axions; dark matter
sidm | SIDM | sidm; self interacting dark matter | dark matter; cross section
wimp | WIMP | wimp; weakly interacting massive particle | dark matter; annihilation
axion | axion | axion; alp; axion like particle; axionlike particle | dark matter; fuzzy dark matter
ede | EDE | ede; early dark energy | Hubble tension; dark energy
darkenergy | dark energy | dark energy | equation of state; quintessence; cosmological constant; w0wa
w0wa | w₀wₐ | w_0 w_a; w0wa; w_0 w_a cdm; w0wacdm; wacdm; cpl; chevallier polarski linder; dynamical dark energy; evolving dark energy | w0; wa; dark energy; equation of state; quintessence; phantom
modifiedgravity | modified gravity | modified gravity; modified gravitation; modified theory of gravity | general relativity; Horndeski; screening; scalar tensor; growth rate
fofr | f(R) | f r gravity; f r | modified gravity; chameleon; screening
horndeski | Horndeski | horndeski; galileon | modified gravity; scalar tensor; dark energy
gr | GR | general relativity | gravity
mond | MOND | mond; modified newtonian dynamics | rotation curves; gravity
bbn | BBN | bbn; big bang nucleosynthesis; primordial nucleosynthesis | deuterium; helium abundance
png | PNG | png; primordial non gaussianity; primordial nongaussianity; primordial non gaussianities; primordial nongaussianities | f_NL; non-Gaussianity; bispectrum; inflation; scale-dependent bias
nongaussianity | non-Gaussianity | non gaussianity; nongaussianity; non gaussian; nongaussian | primordial non-Gaussianity; bispectrum; higher-order statistics
fnl | f_NL | f_NL | primordial non-Gaussianity; non-Gaussianity; bispectrum; inflation; scale-dependent bias
gnl | g_NL | g_NL | primordial non-Gaussianity; trispectrum
milkyway | Milky Way | milky way; our galaxy; our own galaxy; the galaxy we live in | Local Group; galaxy
scalaramplitude | Aₛ | scalar amplitude; amplitude of scalar perturbations; primordial amplitude | n_s; inflation; primordial power spectrum
spectralindex | nₛ | n_s; scalar spectral index; spectral index | inflation; primordial power spectrum
hubbletension | Hubble tension | hubble tension; h0 tension; hubble constant tension; h_0 tension | H0; Hubble constant; distance ladder; early dark energy
h0 | H₀ | H_0; hubble constant; hubble parameter today | Hubble tension; distance ladder; expansion rate; Cepheids; time delay
s8 | S₈ | S_8 | sigma_8; weak lensing; cosmic shear; S8 tension; clustering amplitude
s8tension | S₈ tension | s8 tension; s_8 tension; sigma_8 tension | S8; weak lensing; cosmic shear; sigma_8
sigma8 | σ₈ | sigma_8 | S8; amplitude of fluctuations; weak lensing; cluster abundance
omegam | Ωm | Omega_m; Omega_M; Omega_matter; omega_0m; Omega_m0; matter density parameter | matter density
omegab | Ωb | Omega_b | baryon density
omegak | Ωk | Omega_k | spatial curvature
omegalambda | ΩΛ | Omega_lambda; Omega_de | dark energy; cosmological constant
w0 | w₀ | w_0 | w0wa; dark energy; equation of state
wa | wₐ | w_a | w0wa; dark energy; equation of state
neff | N_eff | N_eff; effective number of neutrino; effective number of neutrino species; effective number of relativistic species | dark radiation; neutrinos; relativistic species
summnu | Σmν | sum m_nu; sigma m_nu; summnu; m_nu; sum of neutrino mass; sum of the neutrino mass; total neutrino mass; neutrino mass; mass of neutrino; massive neutrino | massive neutrinos; neutrinos; neutrino mass hierarchy
msun | M☉ | M_sun; M_odot; msun; solar mass | mass
soundhorizon | r_d | r_d; sound horizon; sound horizon at drag epoch | BAO; standard ruler
sbi | SBI | sbi; simulation based inference; likelihood free inference; lfi; implicit likelihood inference; implicit inference | neural posterior estimation; neural network; machine learning; normalizing flow; field-level inference
npe | NPE | npe; neural posterior estimation; neural posterior | simulation-based inference; normalizing flow
ml | machine learning | machine learning; ml; deep learning | neural network; emulator; training set
cnn | CNN | cnn; convolutional neural network | neural network; machine learning
gnn | GNN | gnn; graph neural network | neural network; machine learning
gaussianprocess | Gaussian process | gaussian process; gaussian process regression | machine learning; emulator
mcmc | MCMC | mcmc; markov chain monte carlo | sampling; posterior
ska | SKA | ska; square kilometer array; square kilometre array | 21 cm; radio
hera | HERA | hera; hydrogen epoch of reionization array; hydrogen eor array | 21 cm; reionization
desi | DESI | desi; dark energy spectroscopic instrument | BAO; galaxy clustering
lsst | LSST | lsst; rubin observatory; vera rubin observatory; vera c rubin observatory; legacy survey of space and time | Rubin
hsc | HSC | hsc; hyper suprime cam | weak lensing
sdss | SDSS | sdss; sloan digital sky survey | galaxy clustering
jwst | JWST | jwst; james webb space telescope; james webb | high redshift; first galaxies
hst | HST | hst; hubble space telescope | imaging
spt | SPT | spt; south pole telescope | CMB; SZ
sfr | SFR | sfr; star formation rate | star formation
uvlf | UV luminosity function | uvlf; uv luminosity function; ultraviolet luminosity function | high redshift; galaxies
icl | intracluster light | intracluster light | galaxy clusters
bcg | BCG | bcg; brightest cluster galaxy | galaxy clusters
"""  # noqa: E501


def _read(line: str) -> Term:
    name, shown, spellings, related = (part.strip() for part in line.split("|"))
    return Term(name, shown, _listed(spellings), _listed(related))


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


TERMS: dict[str, Term] = {
    term.name: term for term in map(_read, _TABLE.strip().splitlines())
}
"""By name."""
