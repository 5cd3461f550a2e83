use autodiff_runtime::*;
use autodiff_runtime::gradient_tape::Tensor;
use ndarray::*;
use std::time::Instant;
use std::hint::black_box;
fn main(){
  let which=std::env::args().nth(1).unwrap();
  let r=|i:usize| ((i*7919)%1000) as f64/500.-1.;
  let w1=Array2::from_shape_fn((64,64),|(i,j)|0.2*r(i*64+j)); let b1=Array1::from_shape_fn(64,|i|r(i)); let w2=Array1::from_shape_fn(64,|i|r(i+5));
  let x=Tensor::constant(Array2::from_shape_fn((128,64),|(i,j)|r(i*64+j+3))); let t=Tensor::constant(Array1::from_shape_fn(128,|i|r(i)));
  let s=Tensor::constant(Array2::from_shape_fn((10000,32),|(i,j)|r(i*32+j+3))); let w=Array1::from_shape_fn(32,|i|r(i)); let neg=Tensor::constant(Array1::from_shape_fn(10000,|i|if r(i)>0.{1.}else{-1.}));
  let mut best=1e9f64;
  for _ in 0..3000 { let t0=Instant::now();
    if which=="mlp" { let tape=GradientTape::new(); let p=tape.watch((&w1,&b1,&w2,0.1)); let h=(x.dot(&p.0.t())+&p.1).tanh(); let e=h.dot(&p.2)+p.3-&t; let l=e.square().sum()*(1./256.); black_box(tape.gradient(l,p)); }
    else { let tape=GradientTape::new(); let w=tape.watch(&w); let l=(s.dot(&w)*&neg).softplus().sum(); black_box(tape.gradient(l,&w)); }
    best=best.min(t0.elapsed().as_nanos() as f64);
  }
  println!("{which} {}", best/1000.);
}
